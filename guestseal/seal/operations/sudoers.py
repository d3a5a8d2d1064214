"""Remove the rules for sudo that a build or a cloud left behind

cloud-init and Azure's agent write who may become root without a password into sudoers.d; the
file names the template's first user. Builders leave one for their own account (Packer).

cloud-init's and the agent's go where that program is enabled and writes them again, a
builder's where something brings a clone SSH keys: the last way to become root stays.

Reported and left alone: every other file with a rule that asks for no password (NOPASSWD,
!authenticate, and nopass in doas.conf), Vagrant's among them, without which Vagrant does not work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.services import cloud_init
from guestseal.guest.services.provisioning import brings_keys, runs_azure_agent
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

_WRITTEN_AGAIN = {
    "/etc/sudoers.d/90-cloud-init-users": cloud_init.enabled,
    "/etc/sudoers.d/waagent": runs_azure_agent,
    "/etc/sudoers.d/*packer*": brings_keys,
}
RULES = ("/etc/sudoers", "/etc/sudoers.d/*", "/etc/doas.conf", "/etc/doas.d/*.conf")
_FREE = re.compile(r"^(?![ \t]*#)[^\n]*(?:\bNOPASSWD\b|!authenticate\b)|^[ \t]*permit\b[^\n#]*\bnopass\b", re.MULTILINE)


def _leftovers(guest: Guest) -> Iterator[str]:
    for pattern, again in _WRITTEN_AGAIN.items():
        found = list(guest.tree.glob(pattern))
        if found and again(guest.tree):
            yield from found


def _removals(guest: Guest) -> Iterator[Action]:
    yield from (Remove(path) for path in _leftovers(guest))


def _found(guest: Guest) -> Iterator[Finding]:
    removed = set(_leftovers(guest))
    for path in (path for pattern in RULES for path in guest.tree.glob(pattern)):
        if path not in removed and guest.tree.is_file(path) and _FREE.search(guest.tree.read_text(path) or ""):
            yield Finding(path, "lets an account become root without a password", "ask for one, or remove the rule")


OPERATION = Operation(kind=Kind.CLUTTER, also=_removals, findings=_found)
