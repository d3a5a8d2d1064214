"""A second name may be another account's: the content behind it is not changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hostile import ALICE, Canary, as_root, write

from guestseal.errors import Unsafe
from guestseal.guest.actions import Remove, Replace, SetMode, Truncate
from guestseal.guest.root import Root

pytestmark = as_root


@pytest.fixture
def history(guest: Path, canary: Canary) -> Path:
    """A file in a user's home that is a file outside the guest as well."""
    os.link(canary.file, guest / "home/alice/history")
    return guest / "home/alice/history"


def test_truncate_gives_the_name_an_empty_file_of_its_own(history: Path, root: Root, canary: Canary) -> None:
    root.truncate("/home/alice/history")

    info = history.stat()
    assert history.read_bytes() == b""
    assert info.st_ino != canary.file.stat().st_ino
    assert (info.st_mode & 0o7777, info.st_uid, info.st_gid) == (0o640, 4242, 4243)


def test_overwrite_does_nothing(history: Path, root: Root) -> None:
    root.overwrite("/home/alice/history")
    assert history.read_bytes() == b"alive\n"


@pytest.mark.parametrize("secret", [False, True])
def test_remove_takes_the_name(history: Path, root: Root, canary: Canary, secret: bool) -> None:
    Remove("/home/alice/history", secret=secret).perform(root)
    assert not history.exists()
    assert canary.file.stat().st_nlink == 1


def test_a_directory_of_such_names_goes_and_the_content_stays(history: Path, root: Root, canary: Canary) -> None:
    os.link(canary.path / "below/canary", history.parent / "other")
    assert root.remove("/home/alice", overwrite=True)
    assert not history.parent.exists()


def test_replace_gives_the_name_a_file_of_its_own(history: Path, root: Root) -> None:
    root.replace("/home/alice/history", b"new")
    assert history.read_bytes() == b"new"


def test_neither_name_gets_another_mode(guest: Path, root: Root, canary: Canary) -> None:
    os.link(canary.file, guest / "etc/shadow")
    with pytest.raises(Unsafe, match="a second name"):
        SetMode("/etc/shadow", 0o666, (0, 0)).perform(root)


def test_two_names_inside_the_guest(guest: Path, root: Root) -> None:
    shadow = write(guest / "etc/shadow", b"root:hash:\n", mode=0o640)
    os.link(shadow, guest / "home/alice/.bash_history")
    before = shadow.stat()

    Truncate("/home/alice/.bash_history").perform(root)
    Replace("/home/alice/.bash_history", content=b"").perform(root)
    Remove("/home/alice/.bash_history", secret=True).perform(root)

    after = shadow.stat()
    assert shadow.read_bytes() == b"root:hash:\n"
    assert (after.st_ino, after.st_mode, after.st_uid, after.st_mtime_ns) == (
        before.st_ino,
        before.st_mode,
        before.st_uid,
        before.st_mtime_ns,
    )


def test_names_of_one_user(guest: Path, root: Root) -> None:
    one = write(guest / "home/alice/one", b"content", owner=ALICE)
    os.link(one, guest / "home/alice/two")

    root.truncate("/home/alice/one")
    root.truncate("/home/alice/two")
    assert one.read_bytes() == (guest / "home/alice/two").read_bytes() == b""
