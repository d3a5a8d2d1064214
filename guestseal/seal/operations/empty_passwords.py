"""Report accounts that ask for no password

An empty password field in /etc/shadow, or in /etc/passwd itself, lets everybody in at the
console, and over SSH where PermitEmptyPasswords is set, which is reported as well. Image
checkers fail an image with one.

Nothing is changed: it may be the only way in. root-password expires or locks root's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.accounts.people import listed
from guestseal.guest.accounts.shadow import SHADOW_LIMIT
from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

_PERMITS = re.compile(r"^[ \t]*PermitEmptyPasswords[ \t=]+yes\b", re.IGNORECASE | re.MULTILINE)
_REMEDY = "lock it with `passwd -l`, or give it a password"


def _without_password(guest: Guest, path: str) -> list[str]:
    lines = (guest.tree.read_text(path, limit=SHADOW_LIMIT) or "").split("\n")
    fields = [line.split(":") for line in lines if not line.startswith(("#", "+", "-"))]
    return [field[0] for field in fields if len(field) > 2 and field[0] and not field[1]]


def _found(guest: Guest) -> Iterator[Finding]:
    for path in ("/etc/shadow", "/etc/passwd"):
        names = _without_password(guest, path)
        if names:
            yield Finding(path, f"no password is asked of {listed(names)}", _REMEDY)
    for pattern in ("/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/*.conf"):
        for path in guest.tree.glob(pattern):
            if guest.tree.is_file(path) and _PERMITS.search(guest.tree.read_text(path) or ""):
                yield Finding(path, "lets accounts without a password log in over SSH", "set PermitEmptyPasswords no")


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
