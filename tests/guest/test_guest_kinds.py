"""What is not a regular file: never opened, and removed by its kind."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest
from hostile import ALICE, as_root, directory, write

from guestseal.errors import GuestError, Unsafe
from guestseal.guest.root import Root

pytestmark = as_root


@pytest.fixture
def odd(guest: Path) -> Path:
    """A directory with one file of every kind."""
    top = directory(guest / "var/spool/odd")
    os.mkfifo(top / "fifo")
    os.mknod(top / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    os.mknod(top / "disk", stat.S_IFBLK | 0o600, os.makedev(7, 200))
    os.mknod(top / "whiteout", stat.S_IFCHR, os.makedev(0, 0))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(top / "socket"))
    directory(top / "directory")
    return top


@pytest.mark.parametrize("name", ["fifo", "null", "disk", "socket", "directory", "whiteout"])
def test_only_a_regular_file_is_opened(odd: Path, root: Root, name: str) -> None:
    path = f"/var/spool/odd/{name}"
    before = os.lstat(odd / name)
    for change in (root.read, root.truncate, lambda path: root.replace(path, b"x")):
        with pytest.raises(Unsafe):
            change(path)
    root.overwrite(path)
    assert os.lstat(odd / name)[:8] == before[:8]


@pytest.mark.parametrize("name", ["fifo", "null", "disk", "socket", "whiteout"])
def test_only_a_directory_is_emptied(odd: Path, root: Root, name: str) -> None:
    with pytest.raises(Unsafe):
        root.empty(f"/var/spool/odd/{name}")
    assert os.path.lexists(odd / name)


@pytest.mark.parametrize("name", ["fifo", "socket", "directory", "whiteout"])
def test_a_name_without_content_is_removed(odd: Path, root: Root, name: str) -> None:
    assert root.remove(f"/var/spool/odd/{name}", overwrite=True)
    assert not os.path.lexists(odd / name)


@pytest.mark.parametrize("name", ["null", "disk"])
def test_a_device_node_is_not(odd: Path, root: Root, name: str) -> None:
    with pytest.raises(Unsafe, match="device"):
        root.remove(f"/var/spool/odd/{name}")
    assert os.path.lexists(odd / name)


def test_a_directory_that_holds_a_device_node_loses_all_the_rest(odd: Path, root: Root) -> None:
    write(odd / "directory/file")

    assert not root.remove("/var/spool")
    assert sorted(os.listdir(odd)) == ["disk", "null"]
    root.empty("/var/spool")
    assert sorted(os.listdir(odd)) == ["disk", "null"]


def test_a_file_where_a_directory_was_expected(guest: Path, root: Root) -> None:
    write(guest / "var/log/file", b"content")

    assert root.lstat("/var/log/file/below") is None
    assert root.names("/var/log/file") == []
    assert not root.remove("/var/log/file/below")
    root.truncate("/var/log/file/below")
    with pytest.raises(GuestError):
        root.replace("/var/log/file/below", b"")
    with pytest.raises(GuestError):
        root.make_directory("/var/log/file/below")
    assert (guest / "var/log/file").read_bytes() == b"content"


def test_what_is_not_there_needs_nothing(root: Root) -> None:
    for path in ("/absent", "/absent/below/file", "/home/alice/absent"):
        assert not root.remove(path, overwrite=True)
        root.truncate(path)
        root.empty(path)
        root.overwrite(path)
        assert root.read(path) is None
        for change in (
            lambda path: root.clear_mode(path, 0o022, owners=(0,)),
            lambda path: root.set_mode(path, 0o644, owner=(0, 0)),
            lambda path: root.rename(path, "/etc/x"),
        ):
            with pytest.raises(GuestError):
                change(path)
    assert root.names("/etc") == []


def test_directories_and_files_are_made_whatever_the_umask(guest: Path, root: Root) -> None:
    before = os.umask(0o777)
    try:
        root.replace("/etc/new/deep/file", b"content")
        root.make_directory("/home/alice/.ssh", mode=0o700, owner=(ALICE, ALICE))
    finally:
        os.umask(before)
    assert (guest / "etc/new/deep").stat().st_mode & 0o7777 == 0o755
    assert (guest / "etc/new/deep/file").stat().st_mode & 0o7777 == 0o644
    made = (guest / "home/alice/.ssh").stat()
    assert (made.st_mode & 0o7777, made.st_uid, made.st_gid) == (0o700, ALICE, ALICE)
    root.make_directory("/home/alice/.ssh", mode=0o777)
    assert (guest / "home/alice/.ssh").stat().st_mode & 0o7777 == 0o700


def test_rename_and_sync(guest: Path, root: Root) -> None:
    write(guest / "etc/one", b"one")
    write(guest / "var/two", b"two")

    root.rename("/etc/one", "/var/two")
    assert not (guest / "etc/one").exists()
    assert (guest / "var/two").read_bytes() == b"one"
    root.sync()
    root.sync("/var")
    root.sync("/absent")


@pytest.mark.parametrize(("mode", "after"), [(0o777, 0o755), (0o6730, 0o710), (0o1777, 0o1755), (0o500, 0o500)])
def test_rights_are_taken_from_a_directory_and_never_given(guest: Path, root: Root, mode: int, after: int) -> None:
    place = directory(guest / "home/alice/dir", owner=ALICE, mode=mode)
    root.clear_mode("/home/alice/dir", 0o022, owners=(0, ALICE))
    assert place.stat().st_mode & 0o7777 == after


def test_rights_are_taken_from_nothing_but_directories_of_the_owners(guest: Path, root: Root) -> None:
    theirs = directory(guest / "home/alice/dir", owner=ALICE, mode=0o777)
    file = write(guest / "home/alice/file", mode=0o666)
    for path in ("/home/alice/dir", "/home/alice/file"):
        with pytest.raises(Unsafe, match="its mode stays"):
            root.clear_mode(path, 0o022, owners=(0,))
    assert (theirs.stat().st_mode & 0o7777, file.stat().st_mode & 0o7777) == (0o777, 0o666)


def test_mode_and_owner_are_set_on_files_and_directories_whatever_the_umask(guest: Path, root: Root) -> None:
    file = write(guest / "etc/file", b"kept", owner=ALICE, mode=0o600)
    place = directory(guest / "etc/dir", mode=0o700)
    before = os.umask(0o777)
    try:
        root.set_mode("/etc/file", 0o4755, owner=(0, 8))
        root.set_mode("/etc/dir", 0o1770, owner=(ALICE, 8))
    finally:
        os.umask(before)
    assert [(each.st_mode & 0o7777, each.st_uid, each.st_gid) for each in (file.stat(), place.stat())] == [
        (0o4755, 0, 8),
        (0o1770, ALICE, 8),
    ]
    assert file.read_bytes() == b"kept"


def test_no_mode_is_set_where_others_can_put_another_file(guest: Path, root: Root) -> None:
    for number, above in enumerate((guest / "home/alice", directory(guest / "etc/open", mode=0o777))):
        file = write(above / f"file{number}", owner=ALICE, mode=0o600)
        with pytest.raises(Unsafe, match="others than root can write to its directory"):
            root.set_mode(f"/{file.relative_to(guest)}", 0o440, owner=(0, 0))
        assert (file.stat().st_uid, file.stat().st_mode & 0o7777) == (ALICE, 0o600)


@pytest.mark.parametrize("name", ["fifo", "null", "disk", "socket", "whiteout"])
def test_no_mode_is_set_on_anything_else(odd: Path, root: Root, name: str) -> None:
    before = os.lstat(odd / name)
    with pytest.raises(Unsafe):
        root.set_mode(f"/var/spool/odd/{name}", 0o644, owner=(0, 0))
    assert os.lstat(odd / name)[:8] == before[:8]


def test_a_file_that_is_replaced_loses_the_bits_that_are_to_go_and_no_others(guest: Path, root: Root) -> None:
    path = write(guest / "etc/file", mode=0o4762)
    root.replace("/etc/file", b"new", clear=0o6022)
    assert path.stat().st_mode & 0o7777 == 0o740
    root.replace("/etc/new", b"new", clear=0o6022)
    assert (guest / "etc/new").stat().st_mode & 0o7777 == 0o644


def test_time_decides_nothing(guest: Path, root: Root) -> None:
    for number, seconds in enumerate((0, 1, 1 << 31, 1 << 33)):
        path = write(guest / f"var/log/{number}")
        os.utime(path, (seconds, seconds))

    assert len(list(root.glob("/var/log/*"))) == 4
    root.empty("/var/log")
    assert os.listdir(guest / "var/log") == []
