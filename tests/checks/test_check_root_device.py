"""Root filesystems by UUID, label and volume, and by names of disks."""

from __future__ import annotations

from support.block_devices import GPT, Part, blkid, with_disks
from support.check_cases import CheckCase
from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE
from support.trees import File

GRUB = """menuentry 'Debian' {{
	search --no-floppy --fs-uuid --set=root 1-2
	linux	/boot/vmlinuz-6.1.0 root={} ro quiet
}}
menuentry 'Memory test' {{
	linux16 /boot/memtest86+x64.bin root=/dev/sda
}}
"""
ENVIRONMENT = "# GRUB Environment Block\nsaved_entry=x\nkernelopts=root={} ro crashkernel=auto\n"
BLS = "title Rocky\nlinux /vmlinuz-5.14\noptions {} ro $tuned_params\n"
ENTRY = "/boot/loader/entries/0123-5.14.conf"
ROOT = Part("vda1", point="/")
BY_UUID = with_disks({"vda": GPT}, ROOT, commands=blkid({"DEVNAME": "/dev/vda1", "UUID": "1-2", "PARTUUID": "a-01"}))


def grub(name: str) -> File:
    return File(GRUB.format(name))


def environment(name: str) -> File:
    return File(ENVIRONMENT.format(name).ljust(1024, "#"))


CASES = (
    CheckCase("by UUID", DEBIAN, {"/boot/grub/grub.cfg": grub("UUID=1-2")}),
    CheckCase("by UUID that is here", DEBIAN, {"/boot/grub/grub.cfg": grub("UUID=1-2")}, machine=BY_UUID),
    CheckCase("by PARTUUID that is here", DEBIAN, {"/boot/grub/grub.cfg": grub("PARTUUID=a-01")}, machine=BY_UUID),
    CheckCase("by volume", REDHAT, {ENTRY: File(BLS.format("root=/dev/mapper/rl-root"))}),
    CheckCase(
        "by the environment",
        REDHAT,
        {ENTRY: File(BLS.format("$kernelopts")), "/boot/grub2/grubenv": environment("UUID=1")},
    ),
    CheckCase("by label", ALPINE, {"/boot/extlinux.conf": File("LABEL virt\n  APPEND root=LABEL=/ modules=ext4\n")}),
    CheckCase(
        "by name",
        DEBIAN,
        {"/boot/grub/grub.cfg": grub("/dev/sda1")},
        ("the root disk /dev/sda1, the name that the kernel gave it",),
        mended={"/boot/grub/grub.cfg": grub("UUID=1-2")},
    ),
    CheckCase(
        "by name in two entries",
        SUSE,
        {"/boot/grub2/grub.cfg": File(GRUB.format("/dev/nvme0n1p2") * 2)},
        ("/dev/nvme0n1p2",),
        mended={"/boot/grub2/grub.cfg": grub("UUID=1-2")},
    ),
    CheckCase(
        "by name in the environment",
        REDHAT,
        {ENTRY: File(BLS.format("$kernelopts")), "/boot/grub2/grubenv": environment("/dev/vda3")},
        ("/dev/vda3",),
        mended={"/boot/grub2/grubenv": environment("UUID=1")},
    ),
    CheckCase(
        "by name for the next kernel",
        ARCH,
        {ENTRY: File(BLS.format("root=UUID=1-2")), "/etc/kernel/cmdline": File("root=/dev/xvda1 rw\n")},
        ("/dev/xvda1",),
        mended={"/etc/kernel/cmdline": File("root=UUID=1-2 rw\n")},
    ),
    CheckCase(
        "by name in syslinux",
        ALPINE,
        {"/boot/extlinux.conf": File("LABEL virt\n  append root=/dev/vda3 rw\n")},
        ("/dev/vda3",),
        mended={"/boot/extlinux.conf": File("LABEL virt\n  append root=UUID=1 rw\n")},
    ),
    CheckCase(
        "by serial number",
        DEBIAN,
        {"/boot/grub/grub.cfg": grub("/dev/disk/by-id/scsi-0QEMU_disk0-part1")},
        ("its serial number",),
        mended={"/boot/grub/grub.cfg": grub("UUID=1-2")},
    ),
    CheckCase(
        "by UUID of another disk",
        DEBIAN,
        {"/boot/grub/grub.cfg": grub("UUID=9-9")},
        ("no disk here has that",),
        mended={"/boot/grub/grub.cfg": grub("UUID=1-2")},
        machine=BY_UUID,
    ),
    CheckCase(
        "by name, with what no terminal shall show",
        DEBIAN,
        {"/boot/grub/grub.cfg": grub("/dev/disk/by-path/\x1b[2J")},
        ("its place",),
        mended={"/boot/grub/grub.cfg": grub("UUID=1-2")},
    ),
    CheckCase("no boot loader", DEBIAN, {"/etc/default/grub": File("GRUB_TIMEOUT=5\n")}, skipped="no boot loader"),
)
