"""Installed kernels, their modules, and the initramfs of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from support.trees import Entry, File, Link, build

from guestseal.guest.boot import kernels
from guestseal.guest.boot.kernels import Kernel
from guestseal.guest.tree import Tree

MODULES: Mapping[str, Entry] = {
    "/usr/lib/modules/6.1/modules.dep": File("kernel/a-b.ko.xz: kernel/c.ko\nkernel/d.ko:\n")
}


@pytest.mark.parametrize(
    ("version", "path"),
    [
        ("6.1.0-1-amd64", "/boot/initrd.img-6.1.0-1-amd64"),
        ("5.14.0-1.el9", "/boot/initramfs-5.14.0-1.el9.img"),
        ("6.4.0-1-default", "/boot/initrd-6.4.0-1-default"),
        ("6.6.7-0-virt", "/boot/initramfs-virt"),
        ("6.1", "/boot/0123456789abcdef0123456789abcdef/6.1/initrd"),
        ("6.1", "/efi/debian/6.1/initrd"),
    ],
)
def test_the_initramfs_of_each_distribution_is_found(tmp_path: Path, version: str, path: str) -> None:
    build(tmp_path, {f"/lib/modules/{version}/modules.dep": File(), path: File("x"), "/boot/initrd.img-9": File("x")})
    with Tree(str(tmp_path)) as tree:
        assert [kernels.initramfs(tree, kernel) for kernel in kernels.kernels(tree)] == [path]


def test_arch_names_its_initramfs_by_the_package(tmp_path: Path) -> None:
    build(
        tmp_path,
        {
            **MODULES,
            "/usr/lib/modules/6.1/pkgbase": File("linux-lts\n"),
            "/boot/initramfs-linux-lts.img": File("x"),
            "/boot/initramfs-linux-lts-fallback.img": File("x"),
        },
    )
    with Tree(str(tmp_path)) as tree:
        kernel = Kernel("6.1", "/usr/lib/modules/6.1")
        assert kernels.initramfs(tree, kernel) == "/boot/initramfs-linux-lts.img"


def test_a_merged_usr_is_one_place(tmp_path: Path) -> None:
    build(tmp_path, {**MODULES, "/lib": Link("usr/lib")})
    with Tree(str(tmp_path)) as tree:
        assert kernels.kernels(tree) == [Kernel("6.1", "/lib/modules/6.1")]
        assert kernels.modules(tree, Kernel("6.1", "/lib/modules/6.1")) == {"a_b", "d"}


@pytest.mark.parametrize(
    "image",
    ["/boot/vmlinuz-6.1", "/usr/lib/modules/6.1/vmlinuz", "/boot/0123/6.1/linux", "/efi/debian/6.1/linux"],
)
def test_a_kernel_with_its_image_counts_and_a_removed_one_does_not(tmp_path: Path, image: str) -> None:
    build(tmp_path, {**MODULES, "/usr/lib/modules/5.10/modules.dep": File(), image: File("MZ")})
    with Tree(str(tmp_path)) as tree:
        assert [kernel.version for kernel in kernels.kernels(tree)] == ["6.1"]
        assert kernels.has_image(tree)


def test_without_any_image_all_count(tmp_path: Path) -> None:
    build(tmp_path, {**MODULES, "/usr/lib/modules/5.10/modules.builtin": File(), "/usr/lib/modules/empty/x": File()})
    with Tree(str(tmp_path)) as tree:
        assert [kernel.version for kernel in kernels.kernels(tree)] == ["5.10", "6.1"]
        assert not kernels.has_image(tree)


def test_a_module_is_named_as_the_kernel_names_it() -> None:
    assert [kernels.module_name(path) for path in ("a/virtio-blk.ko.zst", "virtio_net.ko", "a/x.txt", "")] == [
        "virtio_blk",
        "virtio_net",
        "",
        "",
    ]
