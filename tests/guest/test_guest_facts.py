"""Accounts and homes come from the guest's own files, and no line of them is believed too much."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from guestseal.guest.facts import Account, Family, Guest, parse_os_release, parse_passwd
from guestseal.guest.tree import Tree

Make = Callable[..., Guest]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with ExitStack() as stack:

        def guest(passwd: str, *homes: str) -> Guest:
            (tmp_path / "etc").mkdir()
            (tmp_path / "etc/passwd").write_text(passwd)
            for home in homes:
                (tmp_path / home[1:]).mkdir(parents=True)
            return Guest(stack.enter_context(Tree(str(tmp_path))))

        yield guest


def test_homes_are_those_of_passwd_and_the_usual_places(make: Make) -> None:
    passwd = "ada:x:1:1::/srv/ada:/bin/sh\njob:x:2:2::/var/lib/job:/bin/false\nnone:x:3:3::/nowhere:/bin/sh\n"
    guest = make(passwd, "/srv/ada", "/var/lib/job", "/root", "/home/left", "/etc/skel")
    assert guest.homes == ("/etc/skel", "/home/left", "/root", "/srv/ada", "/var/lib/job")


@pytest.mark.parametrize("home", ["//srv/ada", "/./srv/ada/", "/srv//ada"])
def test_a_home_may_be_written_with_more_slashes_than_it_needs(make: Make, home: str) -> None:
    assert make(f"ada:x:1:1::{home}:/bin/sh\n", "/srv/ada").homes == ("/srv/ada",)


@pytest.mark.parametrize(
    "home",
    ["/", "//", "//etc", "/./usr", "/etc", "/usr/games", "/bin", "/dev", "/proc", "/boot", "relative", "", "/.."],
)
def test_a_directory_of_the_operating_system_is_nobodys_home(make: Make, home: str) -> None:
    guest = make(f"a:x:1:1::{home}:/bin/sh\n", "/usr/games", "/bin", "/dev", "/proc", "/boot")
    assert guest.homes == ()


def test_a_home_that_is_a_users_link_to_anothers_files_is_passed_over(make: Make, tmp_path: Path) -> None:
    guest = make("a:x:1000:1000::/home/a/x:/bin/sh\n", "/home/a", "/srv/secret")
    link = tmp_path / "home/a/x"
    link.symlink_to("/srv/secret")
    os.lchown(link, 1000, 1000)
    assert guest.homes == ("/home/a",)
    assert guest.tree.passed_over


@pytest.mark.parametrize("separator", ["\u2028", "\x0b", "\x0c", "\x85", "\r"])
def test_nothing_but_a_newline_begins_an_account(separator: str) -> None:
    text = f"ada:x:1000:1000:a{separator}evil:x:0:0::/etc:/home/ada:/bin/sh\n"
    assert [account.name for account in parse_passwd(text)] in ([], ["ada"])


def test_malformed_lines_are_left_out() -> None:
    text = "ok:x:1:2:g:/h:/s\nshort:x:1\n+::::::\nbad:x:a:1::/h:/s\n"
    assert list(parse_passwd(text)) == [Account("ok", 1, 2, "/h", "/s")]


@pytest.mark.parametrize(
    ("content", "family"),
    [
        (b"ID=debian\n", Family.DEBIAN),
        (b"ID=linuxmint\nID_LIKE='ubuntu debian'\n", Family.DEBIAN),
        (b'ID="rocky"\nID_LIKE="rhel centos fedora"\n', Family.REDHAT),
        (b'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', Family.SUSE),
        (b"ID=alpine\n", Family.ALPINE),
        (b"ID=archarm\nID_LIKE=arch\n", Family.ARCH),
        (b"ID=haiku\n", Family.OTHER),
        (b"ID='unbalanced\n", Family.OTHER),
        (b"\xff\xfe\n", Family.OTHER),
        (b"", Family.OTHER),
    ],
)
def test_family(tmp_path: Path, content: bytes, family: Family) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_bytes(content)
    with Tree(str(tmp_path)) as tree:
        assert Guest(tree).family is family


def test_os_release_is_read_by_the_library() -> None:
    assert parse_os_release(b'NAME="A \\"b\\""\nX=\'y z\'\n')["NAME"] == 'A "b"'
