"""chattr +i and +a: respected, or lifted on request and put back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import as_root, chattr, directory, flags, write

from guestseal.errors import GuestError, Immutable
from guestseal.guest import flags as guest_flags
from guestseal.guest.root import Root

pytestmark = as_root


@pytest.fixture
def lifting(guest: Path) -> Iterator[Root]:
    with Root(str(guest), lift_immutable=True) as root:
        yield root


@pytest.mark.parametrize("flag", ["i", "a"])
def test_a_protected_file_stays_as_it_is(guest: Path, root: Root, flag: str) -> None:
    path = write(guest / "etc/resolv.conf", b"locked")
    with chattr(f"+{flag}", path):
        for change in (
            root.truncate,
            root.overwrite,
            root.remove,
            lambda path: root.set_mode(path, 0o600, owner=(1, 1)),
            lambda path: root.remove(path, overwrite=True),
            lambda path: root.replace(path, b"new"),
            lambda _: root.remove("/etc"),
            lambda _: root.empty("/etc"),
        ):
            with pytest.raises(Immutable, match=r"chattr \+i or \+a"):
                change("/etc/resolv.conf")
        assert path.read_bytes() == b"locked"
        assert flags(path) == flag
        assert os.listdir(guest / "etc") == ["resolv.conf"]


@pytest.mark.parametrize("flag", ["i", "a"])
def test_a_protected_directory_keeps_its_names(guest: Path, root: Root, flag: str) -> None:
    write(guest / "etc/locked/file", b"old")
    with chattr(f"+{flag}", guest / "etc/locked"):
        for change in (
            lambda: root.remove("/etc/locked/file"),
            lambda: root.replace("/etc/locked/file", b"new"),
            lambda: root.replace("/etc/locked/new", b"new"),
            lambda: root.make_directory("/etc/locked/new"),
            lambda: root.rename("/etc/locked/file", "/etc/file"),
            lambda: root.rename("/precious/file", "/etc/locked/new"),
            lambda: root.empty("/etc/locked"),
            lambda: root.clear_mode("/etc/locked", 0o022, owners=(0,)),
            lambda: root.remove("/etc"),
        ):
            with pytest.raises(Immutable):
                change()
        assert os.listdir(guest / "etc/locked") == ["file"]
        root.truncate("/etc/locked/file")
        assert (guest / "etc/locked/file").read_bytes() == b""


def test_one_protected_file_does_not_save_the_others(guest: Path, root: Root) -> None:
    for name in ("a", "m/locked", "m/n", "z"):
        write(guest / "var/log" / name)
    with chattr("+i", guest / "var/log/m/locked"), pytest.raises(Immutable, match="m/locked"):
        root.empty("/var/log")
    assert [path.name for path in (guest / "var/log").rglob("*")] == ["m", "locked"]


@pytest.mark.parametrize("flag", ["i", "a"])
def test_flags_are_lifted_and_put_back(guest: Path, lifting: Root, flag: str) -> None:
    path = write(guest / "etc/locked/file", b"old")
    with chattr(f"+{flag}", path, guest / "etc/locked"):
        inode = path.stat().st_ino
        lifting.overwrite("/etc/locked/file")
        lifting.truncate("/etc/locked/file", mode=0o600)
        lifting.clear_mode("/etc/locked", 0o022, owners=(0,))
        lifting.set_mode("/etc/locked/file", 0o640, owner=(0, 8))
        assert (path.stat().st_mode & 0o7777, path.stat().st_gid) == (0o640, 8)
        assert (path.stat().st_ino, path.read_bytes(), flags(path)) == (inode, b"", flag)
        lifting.replace("/etc/locked/file", b"new")
        lifting.replace("/etc/locked/other", b"new")
        lifting.make_directory("/etc/locked/made")
        assert (path.read_bytes(), flags(path), flags(guest / "etc/locked")) == (b"new", flag, flag)
        lifting.remove("/etc/locked/file", overwrite=True)
        assert sorted(os.listdir(guest / "etc/locked")) == ["made", "other"]
        assert flags(guest / "etc/locked") == flag
        assert lifting.remove("/etc/locked")
    assert not (guest / "etc/locked").exists()


def test_a_protected_tree_is_removed_on_request(guest: Path, lifting: Root) -> None:
    files = [write(guest / f"var/spool/{name}") for name in ("a/b/c", "a/b/d", "e")]
    with chattr("+i", *files, guest / "var/spool/a/b", guest / "var/spool/a", guest / "var/spool"):
        lifting.empty("/var/spool")
        assert os.listdir(guest / "var/spool") == []
        assert flags(guest / "var/spool") == "i"


def test_only_the_two_bits_are_changed(guest: Path) -> None:
    path = write(guest / "etc/file", b"content")
    fd = os.open(path, os.O_RDONLY)
    with chattr("+Ad", path):
        before = guest_flags._flags(fd)
        with chattr("+ia", path):
            assert guest_flags.protection(fd) == guest_flags.FS_IMMUTABLE | guest_flags.FS_APPEND
            with guest_flags.lifted(fd):
                assert guest_flags._flags(fd) == before
                assert before != 0
            assert guest_flags.protection(fd) == guest_flags.FS_IMMUTABLE | guest_flags.FS_APPEND
        assert guest_flags._flags(fd) == before
    os.close(fd)


def test_flags_are_put_back_after_an_error(guest: Path, lifting: Root) -> None:
    path = write(guest / "etc/file")
    fd = os.open(path, os.O_RDONLY)
    with chattr("+i", path):
        with pytest.raises(KeyboardInterrupt), guest_flags.lifted(fd):
            raise KeyboardInterrupt
        assert flags(path) == "i"
        directory(guest / "var/spool/other")
        with pytest.raises(GuestError):
            lifting.rename("/etc/file", "/etc/other")
        assert flags(path) == "i"
    os.close(fd)


def test_a_descriptor_without_flags_has_none() -> None:
    reader, writer = os.pipe()
    assert guest_flags.protection(reader) == 0
    with guest_flags.lifted(reader):
        guest_flags.protect(reader, 0)
    os.close(reader)
    os.close(writer)
