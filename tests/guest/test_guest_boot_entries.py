"""Kernel command lines, and where boot loaders have them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.trees import File, Link, build

from guestseal.guest.boot.boot_entries import CommandLine, entries, sources
from guestseal.guest.boot.kernel_command_line import parameters, values
from guestseal.guest.tree import Tree


def test_parameters_are_words_with_values() -> None:
    assert parameters('root=UUID=1 ro  dyndbg="file x +p" quiet console=') == [
        ("root", "UUID=1"),
        ("ro", ""),
        ("dyndbg", "file x +p"),
        ("quiet", ""),
        ("console", ""),
    ]


def test_values_are_those_of_the_names_in_order() -> None:
    assert values('console=tty0 console=ttyS0,115200 "resume=/x y" console=', "console", "resume") == [
        "tty0",
        "ttyS0,115200",
        "/x y",
    ]


@pytest.mark.parametrize(
    ("path", "text", "line", "found"),
    [
        ("/boot/grub/grub.cfg", "menuentry x {\n\tlinux\t/vmlinuz root=UUID=1 ro\n}\n", 2, "root=UUID=1 ro"),
        ("/boot/grub2/grub.cfg", "linux16 /vmlinuz root=UUID=1\r\n", 1, "root=UUID=1"),
        ("/boot/efi/EFI/centos/grub.cfg", "  linuxefi /vmlinuz root=/dev/mapper/x\n", 1, "root=/dev/mapper/x"),
        ("/boot/grub2/grub.cfg", 'set default_kernelopts="root=UUID=1 ro "\n', 1, "root=UUID=1 ro "),
        ("/boot/grub/menu.lst", "title x\nkernel /vmlinuz root=LABEL=/ ro\n", 2, "root=LABEL=/ ro"),
        ("/boot/loader/entries/x.conf", "title x\noptions root=UUID=1\n", 2, "root=UUID=1"),
        ("/efi/loader/entries/x.conf", "options\troot=UUID=1\n", 1, "root=UUID=1"),
        ("/boot/extlinux.conf", "LABEL x\n  append root=UUID=1\n", 2, "root=UUID=1"),
        ("/boot/extlinux/extlinux.conf", "  APPEND root=UUID=1\n", 1, "root=UUID=1"),
    ],
)
def test_every_boot_loader_is_read(tmp_path: Path, path: str, text: str, line: int, found: str) -> None:
    build(tmp_path, {path: File(text)})
    with Tree(str(tmp_path)) as tree:
        assert entries(tree) == [CommandLine(path, line, found)]


@pytest.mark.parametrize(
    "text", ["#linux /vmlinuz root=UUID=1\n", "linux /boot/memtest86+x64.bin\n", "initrd /initrd.img\n", "linux\n"]
)
def test_what_starts_no_kernel_is_no_entry(tmp_path: Path, text: str) -> None:
    build(tmp_path, {"/boot/grub/grub.cfg": File(text)})
    with Tree(str(tmp_path)) as tree:
        assert entries(tree) == []


def test_variables_stand_for_what_grub_puts_in(tmp_path: Path) -> None:
    block = "# GRUB Environment Block\nkernelopts=root=UUID=1 ro\n".ljust(1024, "#")
    build(
        tmp_path,
        {
            "/boot/loader/entries/x.conf": File("options $kernelopts ${tuned_params} quiet\n"),
            "/boot/efi/EFI/rocky/grubenv": File(block),
            "/boot/grub2/grubenv": Link("../efi/EFI/rocky/grubenv"),
        },
    )
    with Tree(str(tmp_path)) as tree:
        assert [parameters(entry.text) for entry in entries(tree)] == [[("root", "UUID=1"), ("ro", ""), ("quiet", "")]]


def test_a_file_with_two_names_is_read_once(tmp_path: Path) -> None:
    text = File("linux /vmlinuz root=UUID=1\n")
    build(tmp_path, {"/boot/grub/grub.conf": text, "/boot/grub/menu.lst": Link("./grub.conf")})
    with Tree(str(tmp_path)) as tree:
        assert len(entries(tree)) == 1


def test_what_further_entries_are_made_from_is_told_apart(tmp_path: Path) -> None:
    build(
        tmp_path,
        {
            "/etc/default/grub": File('GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="root=/dev/sda1"\n#GRUB_CMDLINE_LINUX=x\n'),
            "/etc/default/grub.d/x.cfg": File("GRUB_CMDLINE_LINUX_DEFAULT='quiet'\n"),
            "/etc/kernel/cmdline": File("root=UUID=1\n"),
            "/etc/cmdline.d/x.conf": File("# x\nresume=UUID=5\n"),
        },
    )
    with Tree(str(tmp_path)) as tree:
        assert entries(tree) == []
        assert [(each.line, each.text) for each in sources(tree)] == [
            (2, "root=/dev/sda1"),
            (1, "quiet"),
            (1, "root=UUID=1"),
            (2, "resume=UUID=5"),
        ]
