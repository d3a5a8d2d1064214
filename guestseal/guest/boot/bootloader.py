"""Which boot loaders a guest has, for which firmware.

Sources: UEFI Specification, "Removable Media Boot Behavior" (the names of the loader that is started where
the firmware's memory has no boot entry); grub-install(8); Boot Loader Specification for where the ESP is
mounted. FAT knows no case, so no name on an ESP does.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.errors import GuestError
from guestseal.guest.boot import fstab
from guestseal.guest.tree import Tree

ESP = ("/boot/efi", "/efi", "/boot")
_GRUB = ("/boot/grub/i386-pc", "/boot/grub2/i386-pc")
_SYSLINUX = ("/boot/extlinux/ldlinux.sys", "/boot/ldlinux.sys", "/boot/syslinux/ldlinux.sys", "/boot/extlinux.conf")
_FALLBACK = {
    "/lib64/ld-linux-x86-64.so.2": "bootx64.efi",
    "/lib/ld-musl-x86_64.so.1": "bootx64.efi",
    "/lib/ld-linux-aarch64.so.1": "bootaa64.efi",
    "/lib/ld-musl-aarch64.so.1": "bootaa64.efi",
    "/lib/ld-linux-riscv64-lp64d.so.1": "bootriscv64.efi",
}
"""The loader that the firmware of an architecture looks for, by the guest's dynamic linker."""


def grub_for_bios(tree: Tree) -> bool:
    """Whether GRUB was installed for a BIOS: its modules are there, while its core is outside of filesystems."""
    return any(tree.is_file(f"{place}/normal.mod") for place in _GRUB)


def syslinux(tree: Tree) -> bool:
    """Whether extlinux or syslinux was installed for a BIOS."""
    return any(tree.is_file(path) for path in _SYSLINUX)


def fallback_name(tree: Tree) -> str:
    """The name in EFI/BOOT of the loader for the guest's architecture, in lower case; empty: it is not known."""
    return next((name for path, name in _FALLBACK.items() if tree.exists(path)), "")


def has_bios(tree: Tree) -> bool:
    """Whether machines of the guest's architecture can have a BIOS at all."""
    return fallback_name(tree) in ("", "bootx64.efi")


def loaders(tree: Tree) -> Iterator[str]:
    """The UEFI programs on the mounted ESP, as "vendor/name" in lower case."""
    for place in ESP:
        for efi in _named(tree, place, "efi"):
            for vendor in _names(tree, f"{place}/{efi}"):
                for name in _names(tree, f"{place}/{efi}/{vendor}"):
                    if name.lower().endswith(".efi"):
                        yield f"{vendor}/{name}".lower()


def esp_elsewhere(tree: Tree) -> bool:
    """Whether the guest's fstab has an ESP: it is there, also where it is not mounted."""
    return any(each.point.rstrip("/") in ESP and each.kind in ("vfat", "auto") for each in fstab.read(tree) or ())


def _named(tree: Tree, directory: str, name: str) -> Iterator[str]:
    return (each for each in _names(tree, directory) if each.lower() == name)


def _names(tree: Tree, directory: str) -> list[str]:
    try:
        return tree.names(directory)
    except GuestError:  # an automount that was not triggered, or a mount that is not the guest's
        return []
