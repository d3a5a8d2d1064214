"""Swap areas that a boot looks for a hibernated system on."""

from __future__ import annotations

from support.block_devices import GPT, Part, blkid, with_disks
from support.check_cases import CheckCase
from support.operation_cases import DEBIAN, REDHAT, SUSE
from support.trees import File

FSTAB = {"/etc/fstab": File("UUID=1 / ext4 defaults 0 1\nUUID=5555 none swap sw 0 0\n")}
RESUME = "/etc/initramfs-tools/conf.d/resume"
ENTRY = "/boot/loader/entries/0123-5.14.conf"
MACHINE = with_disks(
    {"vda": GPT}, Part("vda1", point="/"), commands=blkid({"DEVNAME": "/dev/vda2", "UUID": "5555", "TYPE": "swap"})
)

CASES = (
    CheckCase("nothing", DEBIAN, {}),
    CheckCase(
        "none is looked for",
        DEBIAN,
        {
            "/etc/fstab": File("UUID=1 / ext4 defaults 0 1\n"),
            RESUME: File("RESUME=none\n"),
            "/boot/grub/grub.cfg": File("linux /boot/vmlinuz root=UUID=1 resume=none\n"),
        },
    ),
    CheckCase("swap that is there", DEBIAN, {**FSTAB, RESUME: File("RESUME=UUID=5555\n")}, machine=MACHINE),
    CheckCase("a volume", REDHAT, {**FSTAB, ENTRY: File("options root=UUID=1 resume=/dev/mapper/rl-swap\n")}),
    CheckCase(
        "swap that is gone",
        DEBIAN,
        {**FSTAB, RESUME: File("# installer\nRESUME=UUID=9999\n")},
        ("on UUID=9999, which no disk here is called",),
        fails=False,
        mended={RESUME: None},
        machine=MACHINE,
    ),
    CheckCase(
        "swap that fstab does not have",
        REDHAT,
        {"/etc/fstab": File("UUID=1 / ext4 defaults 0 1\n"), ENTRY: File("options root=UUID=1 resume=UUID=5555\n")},
        ("on UUID=5555, and fstab has no swap",),
        fails=False,
        mended={ENTRY: File("options root=UUID=1\n")},
    ),
    CheckCase(
        "by name",
        SUSE,
        {
            **FSTAB,
            "/boot/grub2/grub.cfg": File("linux /boot/vmlinuz root=UUID=1 resume=/dev/sda1\n" * 2),
            "/etc/default/grub": File('GRUB_CMDLINE_LINUX_DEFAULT="resume=/dev/sda1 quiet"\n'),
        },
        ("on /dev/sda1, the name that", "on /dev/sda1, the name that"),
        fails=False,
        mended={"/boot/grub2/grub.cfg": None, "/etc/default/grub": File("GRUB_TIMEOUT=8\n")},
    ),
)
