"""Report accounts whose services run without a login

A file in /var/lib/systemd/linger has systemd start an account's services at boot (loginctl
enable-linger). On a clone they run for an account that nobody uses there, or that was
removed.

Nothing is changed: rootless containers depend on it. remove-users takes the file of an
account with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation


def _found(guest: Guest) -> Iterator[Finding]:
    for path in guest.tree.glob("/var/lib/systemd/linger/*"):
        yield Finding(path, "starts an account's services on every clone", "`loginctl disable-linger` if they must not")


OPERATION = Operation(kind=Kind.CLUTTER, findings=_found)
