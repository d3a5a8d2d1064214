"""Actions: what they say, what they cover, what they do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hostile import as_root, directory, link, write

from guestseal.guest.actions import Action, Edit, Empty, Remove, Replace, SetMode, Truncate
from guestseal.guest.root import Root

pytestmark = as_root


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (Remove("/etc/x"), "remove /etc/x"),
        (Remove("/etc/x", secret=True), "remove /etc/x"),
        (Empty("/tmp"), "empty /tmp/"),
        (Truncate("/var/log/wtmp"), "truncate /var/log/wtmp"),
        (Replace("/etc/hostname", summary="localhost"), "write /etc/hostname: localhost"),
        (Edit("/etc/shadow", summary="lock root"), "edit /etc/shadow: lock root"),
        (SetMode("/etc/shadow", 0o640, (0, 42)), "set mode 0640 and owner 0:42 of /etc/shadow"),
        (Remove("/tmp/a\n\x1b[2J\udcff"), r"remove /tmp/a\n\x1b[2J\xff"),
    ],
)
def test_an_action_says_what_it_does(action: Action, text: str) -> None:
    assert action.describe() == text


def test_actions_are_values() -> None:
    assert Remove("/x", secret=True) == Remove("/x", secret=True) != Remove("/x")
    assert len({Replace("/x", b"a"), Replace("/x", b"a"), Replace("/x", b"b")}) == 2


def test_a_footprint_names_every_path_and_its_bytes(guest: Path, root: Root) -> None:
    write(guest / "t/a", b"12345")
    write(guest / "t/d/b", b"123")
    link(guest / "t/link", "/precious")
    os.mkfifo(guest / "t/fifo")
    os.mknod(guest / "t/null", 0o20666, os.makedev(1, 3))
    below = [("/t/a", 5), ("/t/d/b", 3), ("/t/d", 0), ("/t/fifo", 0), ("/t/link", 0)]

    assert list(Empty("/t").footprint(root)) == below
    assert list(Remove("/t").footprint(root)) == [*below, ("/t", 0)]
    assert list(Remove("/t/a").footprint(root)) == list(Truncate("/t/a").footprint(root)) == [("/t/a", 5)]
    assert list(Remove("/t/link").footprint(root)) == [("/t/link", 0)]
    assert list(Empty("/t/link").footprint(root)) == list(Empty("/absent").footprint(root)) == []
    assert [path for path, _ in Replace("/new/deep/file").footprint(root)] == ["/new", "/new/deep", "/new/deep/file"]


def test_an_action_done_twice_is_done(guest: Path, root: Root) -> None:
    write(guest / "etc/file", b"old")
    write(guest / "etc/passwd", b"kept")
    directory(guest / "var/spool/jobs")
    write(guest / "var/spool/jobs/1")
    actions = (
        Empty("/var/spool/jobs"),
        Truncate("/etc/file", mode=0o600),
        Replace("/etc/file", content=b"new"),
        Remove("/var/spool/jobs"),
        Empty("/var/spool/jobs"),
        SetMode("/etc/passwd", 0o444, (0, 8)),
        Truncate("/etc/absent"),
    )
    for _ in range(2):
        for action in actions:
            action.perform(root)
    assert (guest / "etc/file").read_bytes() == b"new"
    assert (guest / "etc/file").stat().st_mode & 0o7777 == 0o600
    passwd = (guest / "etc/passwd").stat()
    assert (passwd.st_mode & 0o7777, passwd.st_uid, passwd.st_gid) == (0o444, 0, 8)
    assert (guest / "etc/passwd").read_bytes() == b"kept"
    assert os.listdir(guest / "var/spool") == []
    assert not (guest / "etc/absent").exists()
