"""Remove the lists of SSH servers that accounts have known

~/.ssh/known_hosts says which machines the template was used to reach, and holds their keys.
ssh asks again, or refuses where StrictHostKeyChecking is yes.

Left on purpose: the system's list in /etc/ssh, which an administrator put there; it is
reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation


def _found(guest: Guest) -> Iterator[Finding]:
    for path in guest.tree.glob("/etc/ssh/ssh_known_hosts*"):
        yield Finding(path, "names other machines", "look at it, and remove what clones must not know")


OPERATION = Operation(
    kind=Kind.CLUTTER,
    # ssh-keygen -R leaves .old behind, an update of the file known_hosts.XXXXXXXXXX.
    remove=("{home}/.ssh/known_hosts", "{home}/.ssh/known_hosts.*", "{home}/.ssh/known_hosts2"),
    findings=_found,
)
