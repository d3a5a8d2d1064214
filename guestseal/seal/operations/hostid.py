"""Remove the host id

/etc/hostid is what gethostid(3) answers: licences are bound to it, and ZFS tells by it which
machine imported a pool last. Without the file glibc makes the number from the IP address,
and ZFS counts it as 0 (zgenhostid(8)).

It is kept where ZFS is used: a pool that was imported under another host id is not imported
at boot (zpool-import(8)), and an initramfs holds a copy of the file.
"""

from __future__ import annotations

from guestseal.guest.facts import Guest
from guestseal.seal.operation import Guard, Kind, Operation

# zpool-features(7): the cache names the pools that are imported at boot. zgenhostid comes with ZFS itself.
_ZFS = ("/etc/zfs/zpool.cache", "/etc/zfs/zfs-list.cache", "/usr/sbin/zpool", "/sbin/zpool", "/usr/bin/zpool")


def _without_zfs(guest: Guest) -> bool:
    return not any(guest.tree.exists(path) for path in _ZFS)


OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=("/etc/hostid",),
    needs=(Guard(_without_zfs, "ZFS would not import its pools: run `zgenhostid -f` on each clone instead"),),
)
