"""Links lead nowhere but into the guest, and a user's link to nothing but the user's own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hostile import ALICE, BOB, Canary, as_root, directory, link, write

from guestseal.errors import GuestError, Unsafe
from guestseal.guest.root import Root
from guestseal.guest.tree import MAX_LINKS, Tree

pytestmark = as_root


def test_an_absolute_link_starts_at_the_guests_root(guest: Path, root: Root, canary: Canary) -> None:
    write(guest / "run/resolve/stub", b"inside\n")
    link(guest / "etc/resolv.conf", "/run/resolve/stub")
    link(guest / "etc/outside", canary.path)

    assert root.read("/etc/resolv.conf") == b"inside\n"
    assert root.resolve("/etc/resolv.conf") == "/run/resolve/stub"
    assert root.read("/etc/outside/canary") is None
    assert list(root.glob("/etc/outside/*")) == []
    assert not root.remove("/etc/outside/canary")
    root.empty("/etc/outside/below")


def test_dot_dot_stops_at_the_guests_root(guest: Path, root: Root, canary: Canary) -> None:
    link(guest / "etc/up", "../../../../../../" + str(canary.path).lstrip("/"))
    link(guest / "etc/name", "../../.." + "/etc/hostname")
    write(guest / "etc/hostname", b"inside\n")

    assert root.stat("/etc/up") is None
    assert root.read("/etc/name") == root.read("/../../etc/../../etc/hostname") == b"inside\n"
    root.remove("/../../outside/canary")
    root.truncate("/etc/../../outside/canary")
    assert root.resolve("/../..") == "/"


def test_dot_dot_after_a_link_is_the_parent_of_what_it_leads_to(guest: Path, root: Root) -> None:
    write(guest / "var/real/file", b"here\n")
    directory(guest / "var/real/deep")
    link(guest / "etc/deep", "../var/real/deep")

    assert root.resolve("/etc/deep/../file") == "/var/real/file"


@pytest.mark.parametrize("target", ["nowhere", "self", "loop-b", "x" * 300, "file/below", "/" + "a/" * 2000 + "b"])
def test_a_link_that_leads_to_nothing_matches_nothing(guest: Path, root: Root, target: str) -> None:
    write(guest / "home/alice/file", owner=ALICE)
    link(guest / "home/alice/self", target, owner=ALICE)
    link(guest / "home/alice/loop-b", "self", owner=ALICE)

    assert root.stat("/home/alice/self") is None
    assert root.read("/home/alice/self") is None
    assert list(root.glob("/home/alice/self/*")) == []
    assert root.names("/home/alice/self") == []
    assert stat.S_ISLNK(root.lstat("/home/alice/self").st_mode)
    assert root.passed_over == {}


def test_forty_links_are_followed_and_not_one_more(guest: Path, root: Root) -> None:
    write(guest / "etc/0", b"end\n")
    for number in range(1, MAX_LINKS + 2):
        link(guest / f"etc/{number}", str(number - 1))

    assert root.read(f"/etc/{MAX_LINKS}") == b"end\n"
    assert root.read(f"/etc/{MAX_LINKS + 1}") is None


def test_a_users_link_to_what_is_not_theirs_is_refused_and_noted(guest: Path, root: Root) -> None:
    link(guest / "home/alice/.cache", "/precious", owner=ALICE)

    with pytest.raises(Unsafe, match="uid 1000"):
        root.remove("/home/alice/.cache/file")
    with pytest.raises(Unsafe):
        root.replace("/home/alice/.cache/file", b"")
    with pytest.raises(Unsafe):
        root.read("/home/alice/.cache/file")
    assert list(root.glob("/home/alice/.cache/*")) == []
    assert list(root.glob("/home/alice/.cache/**")) == []
    assert "/home/alice/.cache" in root.passed_over
    assert (guest / "precious/file").read_bytes() == b"root's own\n"


def test_a_users_link_to_their_own_is_followed(guest: Path, root: Root) -> None:
    directory(guest / "var/data", owner=ALICE)
    write(guest / "var/data/log", owner=ALICE)
    link(guest / "home/alice/.cache", "/var/data", owner=ALICE)

    assert list(root.glob("/home/alice/.cache/*")) == ["/var/data/log"]


def test_a_chain_of_links_is_judged_link_by_link(guest: Path, root: Root) -> None:
    link(guest / "home/bob/mine", "/precious", owner=BOB)
    link(guest / "home/alice/.cache", "/home/bob/mine", owner=ALICE)
    directory(guest / "var/data", owner=BOB)
    link(guest / "home/bob/data", "/var/data", owner=BOB)
    link(guest / "home/alice/theirs", "/home/bob/data", owner=ALICE)

    for path in ("/home/alice/.cache/file", "/home/alice/theirs/x"):
        with pytest.raises(Unsafe):
            root.stat(path)


def test_roots_link_is_followed_where_only_root_can_have_put_it(guest: Path, root: Root) -> None:
    write(guest / "run/lock/x")
    link(guest / "var/run", "../run")

    assert root.lstat("/var/run/lock/x") is not None
    assert root.remove("/var/run/lock/x")
    assert not (guest / "run/lock/x").exists()


def test_roots_link_in_a_users_directory_counts_as_the_users(guest: Path, root: Root) -> None:
    link(guest / "etc/certs", "/precious")
    os.link(guest / "etc/certs", guest / "home/alice/.cache", follow_symlinks=False)
    os.link(guest / "etc/certs", guest / "tmp/certs", follow_symlinks=False)

    assert list(root.glob("/etc/certs/*")) == ["/precious/file"]
    for path in ("/home/alice/.cache/file", "/tmp/certs/file"):
        with pytest.raises(Unsafe):
            root.remove(path)
    assert (guest / "precious/file").exists()


def test_another_users_link_in_a_users_directory_is_nobodys(guest: Path, root: Root) -> None:
    directory(guest / "var/data", owner=BOB)
    write(guest / "var/data/file", owner=BOB)
    link(guest / "home/alice/.cache", "/var/data", owner=BOB)

    with pytest.raises(Unsafe):
        root.remove("/home/alice/.cache/file")


def test_a_link_at_the_end_is_never_written_through(guest: Path, root: Root, canary: Canary) -> None:
    for number, target in enumerate((canary.file, "/precious/file", "../../outside/canary")):
        path = f"/etc/link{number}"
        link(guest / path[1:], target)
        for change in (
            root.truncate,
            lambda path: root.replace(path, b""),
            lambda path: root.clear_mode(path, 0o777, owners=(0,)),
            lambda path: root.set_mode(path, 0o777, owner=(0, 0)),
        ):
            with pytest.raises(Unsafe):
                change(path)
        root.overwrite(path)
        with pytest.raises(Unsafe):
            root.empty(path)
        assert root.remove(path)
    assert (guest / "precious/file").read_bytes() == b"root's own\n"


def test_a_link_to_a_directory_is_removed_and_not_emptied(guest: Path, root: Root, canary: Canary) -> None:
    link(guest / "var/log/inside", "/precious")
    link(guest / "var/log/outside", canary.path)

    with pytest.raises(Unsafe):
        root.empty("/var/log/inside")
    root.empty("/var/log")
    assert os.listdir(guest / "var/log") == []
    assert (guest / "precious/file").exists()


def test_a_wildcard_follows_no_link(guest: Path, root: Root) -> None:
    link(guest / "var/log/app", "/precious")

    assert list(root.glob("/var/*/app/*")) == []
    assert list(root.glob("/var/log/*/file")) == []
    assert list(root.glob("/var/log/**")) == ["/var/log/app"]


def test_a_path_must_be_one(root: Root, guest: Path) -> None:
    for path in ("etc/hostname", "", "/etc/\0", "/etc/\ud800"):
        for call in (root.lstat, root.read, root.remove, root.truncate, root.names):
            with pytest.raises(GuestError):
                call(path)
    for path in ("/", "/..", "/etc/..", "//", "/."):
        with pytest.raises(GuestError):
            root.remove(path)
    assert (guest / "etc").is_dir()


def test_a_tree_is_a_directory(guest: Path) -> None:
    write(guest / "etc/file")
    for path in ("etc/file", "absent"):
        with pytest.raises(GuestError, match="--root"):
            Tree(str(guest / path))
