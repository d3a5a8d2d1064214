"""Lines of fstab that a clone cannot mount."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File

TAB = "/etc/fstab"
CLOUD = File("UUID=1 / ext4 defaults 0 1\n/dev/vdb /mnt auto defaults,nofail,comment=cloudconfig 0 2\n")
CLOUD_INIT: dict[str, Entry] = {
    "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
    "/usr/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
}

# There is one fstab: each case stands alone.
CASES = (
    Case("by UUID", DEBIAN, {TAB: File("# /dev/disk/by-id/x\nUUID=1 / ext4 defaults 0 1\n")}, alone=True),
    Case(
        "by id", SUSE, {TAB: File("/dev/disk/by-id/ata-QEMU_1-part2 / btrfs defaults 0 0\n")}, found=(TAB,), alone=True
    ),
    Case(
        "by id, and not needed",
        SUSE,
        {TAB: File("/dev/disk/by-id/ata-QEMU_1-part2 /data xfs nofail 0 0\n")},
        alone=True,
    ),
    Case("cloud-init's line without cloud-init", REDHAT, {TAB: CLOUD}, found=(TAB,), alone=True),
    Case("cloud-init's line with cloud-init", REDHAT, {TAB: CLOUD, **CLOUD_INIT}, alone=True),
    Case("none", ALPINE, {"/etc/mtab": File("x\n")}),
)
