"""Reading what is in an initramfs."""

from __future__ import annotations

import gzip
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.initramfs import COMPRESSORS, archive, unified_kernel_image
from support.memory import peak_of

from guestseal.check.decompression import NotLookedInto
from guestseal.check.initramfs import KEPT, members
from guestseal.errors import GuestError, TooLarge
from guestseal.guest.tree import Tree
from guestseal.machine.commands import Commands

IMAGE = "/boot/initrd.img-6.1"
EARLY = {"kernel/x86/microcode/GenuineIntel.bin": b"\1\2\3" * 700}
MAIN = {
    "etc/hostid": b"\x10\x20\x30\x40",
    "etc/dropbear/authorized_keys": b"ssh-ed25519 AAAA\n",
    "init": b"#!/bin/sh\n",
}


def _write(root: Path, content: bytes, path: str = IMAGE) -> Path:
    place = Path(f"{root}{path}")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return root


def _files(root: Path, path: str = IMAGE, **options: int) -> dict[str, bytes | None]:
    with Tree(str(root)) as tree:
        return {each.name: each.data for each in members(tree, path, **options) if not stat.S_ISDIR(each.mode)}


@pytest.mark.parametrize("compression", COMPRESSORS)
def test_every_compression_of_the_kernel_is_read(tmp_path: Path, compression: str) -> None:
    large = {"lib/modules/big.ko": bytes(range(256)) * 40_000}
    assert _files(_write(tmp_path, archive({**MAIN, **large}, compression)), kept=1 << 24) == {**MAIN, **large}


@pytest.mark.parametrize("compression", COMPRESSORS)
def test_an_early_archive_and_several_others_with_padding_between_are_read(tmp_path: Path, compression: str) -> None:
    second, third = {"etc/second": b"2"}, {"etc/third": b"3"}
    image = archive(EARLY) + bytes(512) + archive(MAIN, compression) + bytes(4)
    image += archive(second, compression) + archive(third) + bytes(77)
    assert _files(_write(tmp_path, image)) == {**EARLY, **MAIN, **second, **third}


def test_archives_that_were_compressed_together_are_read(tmp_path: Path) -> None:
    together = gzip.compress(archive(EARLY) + bytes(512) + archive(MAIN))
    assert _files(_write(tmp_path, together)) == {**EARLY, **MAIN}


def test_a_unified_kernel_image_gives_its_initramfs_and_its_command_line(tmp_path: Path) -> None:
    line = b"root=UUID=1 systemd.machine_id=0123456789abcdef0123456789abcdef"
    sections = {".linux": b"MZ", ".cmdline": line + b"\0", ".initrd": archive(MAIN, "zstd"), ".ucode": archive(EARLY)}
    root = _write(tmp_path, unified_kernel_image(sections), "/efi/EFI/Linux/debian.efi")
    assert _files(root, "/efi/EFI/Linux/debian.efi") == {".cmdline": line, **MAIN, **EARLY}


def test_a_kernel_without_an_initramfs_has_no_member(tmp_path: Path) -> None:
    assert _files(_write(tmp_path, unified_kernel_image({".linux": b"x", ".text": b"y"}))) == {}


def test_a_member_is_known_by_name_type_and_mode(tmp_path: Path) -> None:
    with Tree(str(_write(tmp_path, archive({"etc/key": b"secret"})))) as tree:
        found = list(members(tree, IMAGE))
    assert [(each.name, stat.S_ISDIR(each.mode)) for each in found] == [("etc", True), ("etc/key", False)]
    assert "secret" not in repr(found)


def test_a_large_member_is_named_without_its_content(tmp_path: Path) -> None:
    image = archive({"big": bytes(5000), "small": b"x"}, "gzip")
    assert _files(_write(tmp_path, image), kept=4999) == {"big": None, "small": b"x"}


@pytest.mark.parametrize(("compression", "program"), [("zstd", "zstd"), ("lz4", "lz4")])
def test_a_missing_program_is_said_and_what_was_before_is_given(tmp_path: Path, compression: str, program: str) -> None:
    root = _write(tmp_path, archive(EARLY) + archive(MAIN, compression))
    found = []
    with Tree(str(root)) as tree, pytest.raises(NotLookedInto, match=f"{program} is not installed"):
        for member in members(tree, IMAGE, commands=Commands({"PATH": "/nonexistent"})):
            found.append(member.name)
    assert found[-1] in EARLY


def test_lzo_is_not_looked_into(tmp_path: Path) -> None:
    with pytest.raises(NotLookedInto, match="lzo"):
        _files(_write(tmp_path, b"\x89LZO\0\r\n\x1a\n" + bytes(99)))


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="unpacks to more"):
        _files(_write(tmp_path, archive({"zeros": bytes(1 << 23)}, "gzip")), limit=1 << 22)


def test_a_bomb_of_empty_archives_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GuestError, match="more than 1000 archives"):
        _files(_write(tmp_path, gzip.compress(archive({}) * 5000)))


@pytest.mark.parametrize("compression", ["gzip", "zstd", "xz"])
def test_memory_does_not_grow_with_what_is_unpacked(tmp_path: Path, compression: str) -> None:
    root = _write(tmp_path, archive({"zeros": bytes(200 << 20), "small": b"x"}, compression))
    assert peak_of(lambda: _files(root)) < 16 << 20  # of which the window of xz takes 8 MiB


@pytest.mark.parametrize("compression", COMPRESSORS)
def test_a_damaged_image_is_an_error_with_its_path(tmp_path: Path, compression: str) -> None:
    image = archive({**MAIN, "random": bytes(range(256)) * 64}, compression)
    for damaged in (image[: len(image) // 2], image[:40], b"no archive at all"):
        with pytest.raises(GuestError) as caught:
            _files(_write(tmp_path, damaged))
        assert caught.value.path == IMAGE


def test_an_image_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GuestError, match="is not there"):
        _files(tmp_path)


def test_a_link_out_of_the_tree_is_not_followed_out_of_it(tmp_path: Path) -> None:
    outside = _write(tmp_path / "outside", archive(MAIN))
    tree = tmp_path / "tree"
    (tree / "boot").mkdir(parents=True)
    (tree / "boot/initrd.img").symlink_to(f"{outside}{IMAGE}")
    with pytest.raises(GuestError, match="is not there"):
        _files(tree, "/boot/initrd.img")


SEEDS = (
    *(archive(EARLY) + bytes(8) + archive({"etc/hostid": b"id", "init": b"#!"}, each) for each in COMPRESSORS),
    unified_kernel_image({".cmdline": b"quiet", ".initrd": archive(MAIN, "gzip")}),
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 9), st.binary(max_size=9)), max_size=4),
)
def test_any_bytes_are_read_or_an_error_about_the_path(
    tmp_path_factory: pytest.TempPathFactory, seed: bytes, edits: list[tuple[int, int, bytes]]
) -> None:
    for place, lost, put in edits:
        at = place % (len(seed) + 1)
        seed = seed[:at] + put + seed[at + lost :]
    root = _write(tmp_path_factory.mktemp("fuzz"), seed)
    try:
        found = _files(root)
    except GuestError as error:
        assert error.path == IMAGE
    else:
        assert all(data is None or len(data) <= KEPT for data in found.values())
