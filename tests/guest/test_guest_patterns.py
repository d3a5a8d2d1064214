"""Patterns, on names that hold everything a name can hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hostile import as_root, directory, write

from guestseal.errors import printable
from guestseal.guest.actions import Edit, Empty, Remove, Replace, Truncate
from guestseal.guest.patterns import expand, quote
from guestseal.guest.root import Root

pytestmark = as_root

ODD_NAMES = (
    b"a\nb",
    b"\xff\xfe",
    b"\x1b[31m",
    b" ",
    b"x" * 255,
    "\u202e".encode(),
    b"*",
    b"?",
    b"[a]",
    b"[!a]",
    b"[",
    b"]",
    b"**",
    b"{home}",
    b"\\",
    b"-rf",
    b"$(id)",
    b"a]b[c",
    b"..x",
    b"~",
    b"^",
    b"[^a]",
)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_is_found_read_changed_and_removed(guest: Path, root: Root, name: bytes) -> None:
    text = os.fsdecode(name)
    path = f"/home/alice/{text}/{text}"
    write(guest / path[1:], b"content")
    write(guest / "home/alice/other/other")

    pattern = quote(f"/home/alice/{text}") + "/*"
    assert list(expand(root, pattern)) == [path]
    assert list(expand(root, quote(path))) == [path]
    assert path in list(expand(root, "/home/*/*/*"))
    assert path in list(expand(root, "/home/**"))
    assert root.read(path) == b"content"
    assert root.names(f"/home/alice/{text}") == [text]
    root.overwrite(path)
    root.truncate(path)
    root.replace(path, b"new")
    assert root.read(path) == b"new"
    root.rename(path, f"/home/alice/{text}/x")
    Remove(f"/home/alice/{text}", secret=True).perform(root)
    assert os.listdir(guest / "home/alice") == ["other"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_what_people_read_holds_no_control_character(name: bytes) -> None:
    path = "/home/" + os.fsdecode(name)
    for action in (Remove(path), Empty(path), Truncate(path), Replace(path, summary="x"), Edit(path, summary="x")):
        assert action.describe().isprintable()
    assert printable(path).isprintable()


def test_content_is_no_part_of_what_is_shown() -> None:
    for action in (Replace("/etc/shadow", content=b"hash"), Edit("/etc/shadow", before=b"hash", after=b"hash")):
        assert "hash" not in repr(action) + action.describe()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/t/*", ["/t/.hidden", "/t/a", "/t/a.log", "/t/b.log", "/t/d", "/t/e"]),
        ("/t/*.log", ["/t/a.log", "/t/b.log"]),
        ("/t/?", ["/t/a", "/t/d", "/t/e"]),
        ("/t/[ab]*", ["/t/a", "/t/a.log", "/t/b.log"]),
        ("/t/[!a]*", ["/t/.hidden", "/t/b.log", "/t/d", "/t/e"]),
        ("/t/[^a]*", ["/t/.hidden", "/t/b.log", "/t/d", "/t/e"]),
        ("/t/[a-c].log", ["/t/a.log", "/t/b.log"]),
        ("/t/[!.-e]*", []),
        ("/t/[]a]", ["/t/a"]),
        ("/t/a", ["/t/a"]),
        ("/t/absent", []),
        ("/t/a/b", []),
        ("/t/*/x", ["/t/d/x"]),
        ("/t/d/x", ["/t/d/x"]),
        ("/t/*/*/x", ["/t/d/d/x"]),
        ("//t///a/", ["/t/a"]),
        ("/t/**", ["/t/.hidden", "/t/a", "/t/a.log", "/t/b.log", "/t/d/d/x", "/t/d/d/y.log", "/t/d/x"]),
        ("/t/**/x", ["/t/d/d/x", "/t/d/x"]),
        ("/t/**/*.log", ["/t/a.log", "/t/b.log", "/t/d/d/y.log"]),
        ("/t/**/d/x", ["/t/d/d/x", "/t/d/x"]),
        ("/t/**/d/**", ["/t/d/d/x", "/t/d/d/y.log", "/t/d/x"]),
        ("/t/**/d/**/x", ["/t/d/d/x", "/t/d/x"]),
        ("/t/**/d/**/d/**/x", ["/t/d/d/x"]),
        ("/t/**/**/x", ["/t/d/d/x", "/t/d/x"]),
        ("/t/*/**", ["/t/d/d/x", "/t/d/d/y.log", "/t/d/x"]),
        ("/t/**/[a+-9]*", ["/t/.hidden", "/t/a", "/t/a.log"]),
        ("/**/y.log", ["/t/d/d/y.log"]),
        ("/", ["/"]),
    ],
)
def test_a_pattern_matches_these(guest: Path, root: Root, pattern: str, expected: list[str]) -> None:
    for name in (".hidden", "a", "a.log", "b.log", "d/x", "d/d/x", "d/d/y.log"):
        write(guest / "t" / name)
    directory(guest / "t/e")
    assert list(root.glob(pattern)) == expected


def test_a_hostile_name_costs_no_time(guest: Path, root: Root) -> None:
    write(guest / "t" / ("a" * 255))
    write(guest / "t" / (".log" * 63))
    assert list(root.glob("/t/*a*b")) == []
    assert list(root.glob("/t/**/*.log*x")) == []


@pytest.mark.usefixtures("canary")
def test_matches_are_removed_while_they_are_found(guest: Path, root: Root) -> None:
    for number in range(300):
        write(guest / f"t/{number % 9}/{number}")
    for pattern in ("/t/*/1*", "/t/*/*"):
        for path in root.glob(pattern):
            root.remove(path)
    assert not [name for _, _, names in os.walk(guest / "t") for name in names]


def test_what_the_scrub_planted_is_no_log(guest: Path, root: Root) -> None:
    for name in ("var/log/.guestseal-canaries/1", "var/log/app/.guestseal-canaries/2", "var/log/3"):
        (guest / name).parent.mkdir(parents=True, exist_ok=True)
        (guest / name).write_text("x")
    assert list(root.glob("/var/log/**")) == ["/var/log/3", "/var/log/app/.guestseal-canaries/2"]
