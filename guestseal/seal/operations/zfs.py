"""Report ZFS's list of pools and its keys

/etc/zfs/zpool.cache names this machine's pools by their disks; a clone imports them at boot, and one
that it does not have is reported as broken. A key in /etc/zfs/keys opens the data of every clone.

Nothing is changed: a root pool is imported by the list. Remedy: export pools that are not the
template's (zpool export), and give each clone a key of its own (zfs change-key).
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            ("/etc/zfs/zpool.cache",), "lists pools by this machine's disks", "export pools that are not the template's"
        ),
        Sign(("/etc/zfs/keys/*",), "opens encrypted data of every clone", "have each clone change its key"),
    ),
)
