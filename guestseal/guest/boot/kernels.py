"""The kernels that are installed in a guest: their modules, and the initramfs each boots with.

Sources: depmod(8), modules.dep and modules.builtin; where distributions put an initramfs: initramfs-tools,
dracut, mkinitfs (Alpine), mkinitcpio (Arch), and the Boot Loader Specification's kernel-install(8) layout.
"""

from __future__ import annotations

from dataclasses import dataclass

from guestseal.errors import NotEntered
from guestseal.guest.patterns import quote
from guestseal.guest.tree import Tree

_TREES = ("/lib/modules", "/usr/lib/modules")
_IMAGES = ("/boot/vmlinuz*", "/boot/vmlinux*", "/boot/Image*", "/boot/kernel-*")
_SPECIFIED = ("/boot/*/{version}/linux", "/boot/efi/*/{version}/linux", "/efi/*/{version}/linux")
_UNIFIED = ("/boot/EFI/Linux/*.efi", "/boot/efi/EFI/Linux/*.efi", "/efi/EFI/Linux/*.efi")
_INITRAMFS = (
    *("/boot/initrd.img-{version}", "/boot/initramfs-{version}.img", "/boot/initrd-{version}"),
    *("/boot/initramfs-{flavour}", "/boot/initramfs-{flavour}.img"),
    *("/boot/*/{version}/initrd", "/boot/efi/*/{version}/initrd", "/efi/*/{version}/initrd"),
)
_LIMIT = 16 << 20


@dataclass(frozen=True)
class Kernel:
    """One version, with its modules."""

    version: str
    directory: str
    """Where its modules are."""


def has_image(tree: Tree) -> bool:
    """Whether any kernel is there that a boot loader could start."""
    if any(_first(tree, pattern) for pattern in (*_IMAGES, *_UNIFIED)):
        return True
    return any(_started(tree, kernel.version) for kernel in _with_modules(tree))


def kernels(tree: Tree) -> list[Kernel]:
    """The kernels that have modules; one whose image was removed is left out where another one has its own."""
    every = _with_modules(tree)
    return [kernel for kernel in every if _started(tree, kernel.version)] or every


def modules(tree: Tree, kernel: Kernel) -> set[str]:
    """The names of the modules that it can load, with ``_`` for ``-``."""
    return _names(tree, f"{kernel.directory}/modules.dep")


def built_in(tree: Tree, kernel: Kernel) -> set[str]:
    """The names of those that are a part of it."""
    return _names(tree, f"{kernel.directory}/modules.builtin")


def initramfs(tree: Tree, kernel: Kernel) -> str | None:
    """The path of the initramfs that it boots with; None: none was found."""
    return next(filter(None, (_first(tree, place) for place in _places(tree, kernel))), None)


def module_name(path: str) -> str:
    """The name of the module in a file: ``virtio_blk`` for ``…/virtio-blk.ko.zst``; empty: it is none."""
    name, dot, _ = path.rpartition("/")[2].partition(".ko")
    return name.replace("-", "_") if dot else ""


def _with_modules(tree: Tree) -> list[Kernel]:
    found: dict[str, Kernel] = {}
    for top in _TREES:
        try:
            names = tree.names(top)
        except NotEntered as error:
            tree.pass_over(error)
            continue
        for name in names:
            directory = f"{top}/{name}"
            if tree.is_file(f"{directory}/modules.dep") or tree.is_file(f"{directory}/modules.builtin"):
                found.setdefault(name, Kernel(name, directory))
    return list(found.values())


def _started(tree: Tree, version: str) -> bool:
    if any(tree.is_file(f"{top}/{version}/vmlinuz") for top in _TREES):
        return True
    named = (path.rpartition("/")[2].partition("-")[2] for pattern in _IMAGES for path in tree.glob(pattern))
    # Alpine's vmlinuz-virt is version 6.6.7-0-virt. Arch's vmlinuz-linux is beside the modules as well.
    if any(name and (name == version or version.endswith(f"-{name}")) for name in named):
        return True
    return any(_first(tree, pattern.format(version=quote(version))) for pattern in _SPECIFIED)


def _places(tree: Tree, kernel: Kernel) -> list[str]:
    package = (tree.read_text(f"{kernel.directory}/pkgbase", limit=4096) or "").strip()  # Arch
    flavour = package or kernel.version.rpartition("-")[2]
    return [place.format(version=quote(kernel.version), flavour=quote(flavour)) for place in _INITRAMFS]


def _first(tree: Tree, pattern: str) -> str | None:
    return next((path for path in tree.glob(pattern) if tree.is_file(path)), None)


def _names(tree: Tree, path: str) -> set[str]:
    text = tree.read_text(path, limit=_LIMIT) or ""
    return {module_name(line.partition(":")[0]) for line in text.split("\n")} - {""}
