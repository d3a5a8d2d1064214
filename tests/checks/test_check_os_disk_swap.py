"""Is swap on the disk of the operating system?"""

from __future__ import annotations

from support.block_devices import GPT, Part, blkid, with_disks
from support.check_cases import CheckCase
from support.operation_cases import DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File

AZURE, FSTAB = "azure", "/etc/fstab"


def fstab(*lines: str) -> File:
    return File("".join(f"{line}\n" for line in ("UUID=1 / ext4 defaults 0 1", *lines)))


def disks(node: str, kind: str = "swap"):
    """A machine whose root is on sda, with one more partition."""
    tags = blkid({"DEVNAME": f"/dev/{node}", "TYPE": kind})
    return with_disks({"sda": GPT, "sdb": GPT}, Part("sda1", point="/"), Part("sda2"), Part("sdb1"), commands=tags)


CASES = (
    CheckCase("none", DEBIAN, {FSTAB: fstab()}, profile=AZURE),
    CheckCase("on the resource disk", UBUNTU, {FSTAB: fstab("/mnt/swapfile none swap sw 0 0")}, profile=AZURE),
    CheckCase("in memory", SUSE, {FSTAB: fstab("/dev/zram0 none swap sw 0 0")}, profile=AZURE),
    CheckCase("on another disk", REDHAT, {FSTAB: fstab()}, machine=disks("sdb1"), profile=AZURE),
    CheckCase("no swap on that partition", REDHAT, {FSTAB: fstab()}, machine=disks("sda2", "ext4"), profile=AZURE),
    CheckCase("no fstab", DEBIAN, {}, skipped="no fstab", profile=AZURE),
    CheckCase(
        "a partition",
        DEBIAN,
        {FSTAB: fstab("UUID=2 none swap sw,noauto 0 0", "/dev/mapper/rl-swap none swap sw 0 0")},
        ("partition or volume UUID=2", "rl-swap"),
        mended={FSTAB: fstab()},
        profile=AZURE,
    ),
    CheckCase(
        "a file",
        UBUNTU,
        {FSTAB: fstab("/swap.img none swap sw 0 0")},
        ("in the file /swap.img",),
        fails=False,
        mended={FSTAB: fstab()},
        profile=AZURE,
    ),
    CheckCase(
        "a partition that fstab does not name",
        REDHAT,
        {FSTAB: fstab()},
        ("/dev/sda2, on the disk of the root",),
        machine=disks("sda2"),
        mended_machine=disks("sdb1"),
        profile=AZURE,
    ),
)
