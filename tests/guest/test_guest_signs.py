"""Signs: what is reported, what is not, and that no content is quoted."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.trees import ROOT, Dir, Fifo, File, Link, build

from guestseal.guest.facts import Guest
from guestseal.guest.signs import LIMIT, Sign, signs
from guestseal.guest.tree import Tree
from guestseal.report import Finding

KEY = Sign(("/etc/vpn/*", "{home}/.vpn"), "holds a key", "remove it", holds=rb"^Key ?= ?\S")


def found(root: Path, *wanted: Sign) -> list[Finding]:
    with Tree(str(root)) as tree:
        return list(signs(*wanted)(Guest(tree)))


def paths(root: Path, *wanted: Sign) -> list[str]:
    return [finding.path for finding in found(root, *wanted)]


def test_the_content_decides_and_is_not_quoted(tmp_path: Path) -> None:
    build(tmp_path, {"/etc/vpn/a": File("Name = x\nKey = hunter2\n"), "/etc/vpn/b": File("# Key = x\nKey =\n")})
    assert found(tmp_path, KEY) == [Finding("/etc/vpn/a", "holds a key", "remove it")]


def test_homes_are_those_of_the_accounts(tmp_path: Path) -> None:
    passwd = File("git:x:9:9::/srv/[git]:/bin/sh\n")
    build(tmp_path, {"/etc/passwd": passwd, "/srv/[git]/.vpn": File("Key=1"), "/root/.vpn": File("Key=1")})
    assert paths(tmp_path, KEY) == ["/root/.vpn", "/srv/[git]/.vpn"]


def test_directories_count_and_empty_files_do_not(tmp_path: Path) -> None:
    build(tmp_path, {"/var/a/data": Dir(), "/var/b/data": File(""), "/var/c/data": File("x"), "/var/d/data": Fifo()})
    assert paths(tmp_path, Sign(("/var/*/data",), "is there", "look")) == ["/var/a/data", "/var/c/data"]


def test_links_do_not_count(tmp_path: Path) -> None:
    build(tmp_path, {"/etc/vpn/a": Link("/srv/key", ROOT), "/srv/key": File("Key=1"), "/etc/vpn/b": Link("/dev/null")})
    assert paths(tmp_path, KEY, Sign(("/etc/vpn/*",), "is there", "look")) == []


@pytest.mark.parametrize(("padding", "expected"), [(0, ["/etc/vpn/a"]), (1, [])])
def test_large_files_are_not_read(padding: int, expected: list[str], tmp_path: Path) -> None:
    line = b"Key=1\n"
    build(tmp_path, {"/etc/vpn/a": File(line + b"x" * (LIMIT - len(line) + padding))})
    assert paths(tmp_path, KEY) == expected


def test_a_path_is_told_once_for_each_sign(tmp_path: Path) -> None:
    build(tmp_path, {"/etc/vpn/a": File("Key=1")})
    twice = Sign(("/etc/vpn/*", "/etc/*/a"), "is there", "look")
    assert paths(tmp_path, twice, KEY) == ["/etc/vpn/a", "/etc/vpn/a"]
