"""What would give every clone the same machine-id again."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

ID = "systemd.machine_id=0123456789abcdef0123456789abcdef"
LINE = File(f"root=UUID=1 ro quiet {ID}\n")
GIVING = (
    "/etc/kernel/cmdline",
    "/etc/kernel/cmdline.d/10-id.conf",
    "/etc/cmdline.d/id.conf",
    "/boot/loader/entries/x-6.1.conf",
    "/efi/loader/entries/x-6.1.conf",
    "/boot/efi/loader/entries/x-6.1.conf",
    "/boot/efi/EFI/rocky/grub.cfg",
    "/boot/grub2/grub.cfg",
    "/boot/grub2/grubenv",
)
CREDENTIALS = (
    *(f"{esp}/loader/credentials/system.machine_id.cred" for esp in ("/boot", "/efi", "/boot/efi")),
    *("/etc/credstore/system.machine_id", "/etc/credstore.encrypted/system.machine_id"),
    *("/usr/local/lib/credstore/system.machine_id", "/usr/local/lib/credstore.encrypted/system.machine_id"),
    *("/usr/lib/credstore/system.machine_id", "/usr/lib/credstore.encrypted/system.machine_id"),
)
SYSLINUX = (
    *("/boot/extlinux.conf", "/boot/extlinux/extlinux.conf", "/boot/syslinux/syslinux.cfg"),
    *("/boot/efi/EFI/BOOT/syslinux.cfg", "/boot/cmdline.txt"),
)
GRUB = ("/boot/grub/grub.cfg", "/boot/grub/grubenv", "/boot/grub/grub.conf", "/boot/grub/menu.lst")

CASES = (
    Case("command lines and boot entries", REDHAT, dict.fromkeys(GIVING, LINE), found=GIVING),
    Case("credentials", DEBIAN, {path: File("c") for path in CREDENTIALS}, found=CREDENTIALS),
    Case("GRUB on Debian, and before GRUB 2", DEBIAN, dict.fromkeys(GRUB, LINE), found=GRUB),
    Case(
        "a credential on the command line",
        SUSE,
        {"/boot/grub2/grub.cfg": File("linux /vmlinuz systemd.set_credential=system.machine_id:0123\n")},
        found=("/boot/grub2/grub.cfg",),
    ),
    Case(
        "in what GRUB's configuration is made from",
        SUSE,
        {
            "/etc/default/grub": File(f'#GRUB_CMDLINE_LINUX="{ID}"\nGRUB_CMDLINE_LINUX="a {ID} b"\n'),
            "/etc/default/grub.d/id.cfg": File(f'GRUB_CMDLINE_LINUX="{ID}"\n'),
            "/etc/sysconfig/bootloader": File(f'DEFAULT_APPEND="{ID}"\n'),
        },
        found=("/etc/default/grub", "/etc/default/grub.d/id.cfg", "/etc/sysconfig/bootloader"),
    ),
    Case(
        "without GRUB",
        ALPINE,
        dict.fromkeys(SYSLINUX, LINE),
        found=SYSLINUX,
    ),
    Case(
        "nothing of the kind",
        DEBIAN,
        {
            "/etc/kernel/cmdline": File("root=UUID=1 ro\n"),
            "/etc/default/grub": File(f'# GRUB_CMDLINE_LINUX="{ID}"\nGRUB_CMDLINE_LINUX="xsystemd.machine_ids"\n'),
            "/boot/loader/credentials/system.hostname.cred": File("c"),
            "/boot/loader/entries/x-6.1.conf": File("options root=UUID=1 systemd.machine_id=firmware\n"),
        },
    ),
)
