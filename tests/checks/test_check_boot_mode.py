"""Boot loaders for BIOS and UEFI, whole and half there."""

from __future__ import annotations

from collections.abc import Mapping

from support.block_devices import GPT, LINUX_GUID, Part, gpt, msdos, with_disks
from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import Entry, File, Link

from guestseal.machine.partition_table import BIOS_BOOT

ROOT = Part("vda1", point="/")
KERNEL: Mapping[str, Entry] = {
    "/boot/vmlinuz-6.1.0-1-amd64": File("MZ"),
    "/lib64/ld-linux-x86-64.so.2": Link("../lib/ld.so"),
    "/lib/ld.so": File("ELF"),
}
ARM: Mapping[str, Entry] = {"/boot/vmlinuz-6.1.0-1-arm64": File("MZ"), "/lib/ld-linux-aarch64.so.1": File("ELF")}
GRUB: Mapping[str, Entry] = {"/boot/grub/i386-pc/normal.mod": File("ELF")}
DEBIAN_ESP: Mapping[str, Entry] = {"/boot/efi/EFI/debian/grubx64.efi": File("MZ")}
FALLBACK: Mapping[str, Entry] = {"/boot/efi/EFI/BOOT/BOOTX64.EFI": File("MZ")}
NO_CORE = with_disks({"vda": gpt(LINUX_GUID)}, ROOT)
WITH_CORE = with_disks({"vda": gpt(LINUX_GUID, BIOS_BOOT)}, ROOT)

CASES = (
    CheckCase("UEFI with a fallback", REDHAT, {**KERNEL, "/boot/efi/EFI/BOOT/BOOTX64.EFI": File("MZ")}),
    CheckCase("UEFI with names in other letters", SUSE, {**KERNEL, "/efi/efi/Boot/bootx64.efi": File("MZ")}),
    CheckCase("UEFI on ARM", DEBIAN, {**ARM, "/boot/efi/EFI/BOOT/BOOTAA64.EFI": File("MZ")}),
    CheckCase("BIOS", DEBIAN, {**KERNEL, **GRUB}, machine=with_disks({"vda": msdos(0x83)}, ROOT)),
    CheckCase("both", UBUNTU, {**KERNEL, **GRUB, **FALLBACK}, machine=with_disks({"vda": GPT}, ROOT)),
    CheckCase("extlinux", ALPINE, {"/boot/vmlinuz-virt": File("MZ"), "/boot/ldlinux.sys": File()}),
    CheckCase("BIOS in an image that is a directory", REDHAT, {**KERNEL, "/boot/grub2/i386-pc/normal.mod": File()}),
    CheckCase(
        "UEFI by a boot entry only",
        DEBIAN,
        {**KERNEL, **DEBIAN_ESP},
        ("no loader is at EFI/BOOT/BOOTX64.EFI",),
        mended=FALLBACK,
    ),
    CheckCase(
        "the loader of another architecture",
        DEBIAN,
        {**ARM, **FALLBACK},
        ("EFI/BOOT/BOOTAA64.EFI",),
        mended={"/boot/efi/EFI/BOOT/BOOTAA64.EFI": File("MZ")},
    ),
    CheckCase(
        "BIOS, and UEFI by a boot entry only",
        DEBIAN,
        {**KERNEL, **GRUB, **DEBIAN_ESP},
        ("no loader is at",),
        fails=False,
        mended=FALLBACK,
    ),
    CheckCase(
        "BIOS without code",
        DEBIAN,
        {**KERNEL, **GRUB},
        ("no code for a BIOS",),
        machine=with_disks({"vda": msdos(0x83, code=b"")}, ROOT),
        mended_machine=with_disks({"vda": msdos(0x83)}, ROOT),
    ),
    CheckCase(
        "GPT without a place for GRUB",
        DEBIAN,
        {**KERNEL, **GRUB},
        ("no BIOS boot partition",),
        machine=NO_CORE,
        mended_machine=WITH_CORE,
    ),
    CheckCase(
        "UEFI, and GPT without a place for GRUB",
        DEBIAN,
        {**KERNEL, **GRUB, **FALLBACK},
        ("no BIOS boot partition",),
        fails=False,
        machine=NO_CORE,
        mended_machine=WITH_CORE,
    ),
    CheckCase(
        "no loader",
        DEBIAN,
        KERNEL,
        ("no boot loader for BIOS or UEFI",),
        mended=FALLBACK,
        machine=with_disks({"vda": GPT}, ROOT),
    ),
    CheckCase(
        "no loader on a disk without partitions",
        DEBIAN,
        KERNEL,
        skipped="a kernel from outside",
        machine=with_disks({"vda": bytes(512)}, Part("vda", point="/")),
    ),
    CheckCase("no loader in a directory", DEBIAN, KERNEL, skipped="no boot loader is in it"),
    CheckCase(
        "an ESP that is not mounted",
        DEBIAN,
        {**KERNEL, "/etc/fstab": File("UUID=1-2 /boot/efi vfat umask=0077 0 1\n")},
        skipped="not mounted",
    ),
    CheckCase("no kernel", DEBIAN, GRUB, skipped="no kernel is in it"),
)
