"""Where the first partition of the operating system's disk begins, and how many the root is on."""

from __future__ import annotations

from support.block_devices import GPT, Part, msdos, with_disks
from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE

MBR = msdos(0x83)
ROOT = Part("vda1", point="/")
# As the cloud images of Debian have it: the partition for GRUB's core is the first one on the disk.
BIOS_BOOT, AFTER_IT = Part("vda14", start=2048), Part("vda1", start=262144, point="/")
TWO_DISKS = {"vda": GPT, "vdb": GPT}

CASES = (
    CheckCase("at a megabyte", DEBIAN, {}, profile="azure", machine=with_disks({"vda": GPT}, BIOS_BOOT, AFTER_IT)),
    CheckCase("one partition of an MBR", REDHAT, {}, profile="azure", machine=with_disks({"vda": MBR}, ROOT)),
    CheckCase(
        "on a logical volume",
        REDHAT,
        {},
        profile="azure",
        machine=with_disks({"vda": MBR}, Part("vda1"), Part("dm-0", point="/", slaves=("vda1",))),
    ),
    CheckCase(
        "a data disk of another layout",
        SUSE,
        {},
        profile="azure",
        machine=with_disks({"vda": GPT, "vdb": MBR}, ROOT, Part("vdb1", start=63, point="/data")),
    ),
    CheckCase(
        "an old MBR",
        REDHAT,
        {},
        ("begins at sector 63",),
        profile="azure",
        machine=with_disks({"vda": MBR}, Part("vda1", start=63, point="/")),
        mended_machine=with_disks({"vda": MBR}, ROOT),
    ),
    CheckCase(
        "a partition for GRUB before the first megabyte ends",
        DEBIAN,
        {},
        ("begins at sector 34",),
        profile="azure",
        machine=with_disks({"vda": GPT}, Part("vda14", start=34), AFTER_IT),
        mended_machine=with_disks({"vda": GPT}, BIOS_BOOT, AFTER_IT),
    ),
    CheckCase(
        "on two disks",
        SUSE,
        {},
        ("several partitions: /dev/vda1, /dev/vdb1",),
        fails=False,
        profile="azure",
        machine=with_disks(TWO_DISKS, Part("vda1"), Part("vdb1"), Part("dm-0", point="/", slaves=("vda1", "vdb1"))),
        mended_machine=with_disks(TWO_DISKS, ROOT),
    ),
    CheckCase(
        "a filesystem on the whole of a disk",
        ALPINE,
        {},
        skipped="no partitions",
        profile="azure",
        machine=with_disks({"vda": bytes(4096)}, Part("vda", point="/")),
    ),
    CheckCase("a filesystem in memory", ALPINE, {}, skipped="the root filesystem is", machine=with_disks({"vda": GPT})),
    CheckCase("a directory", DEBIAN, {}, skipped="not in the table of mounts", profile="azure"),
)
