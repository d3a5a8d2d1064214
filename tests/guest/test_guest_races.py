"""Somebody swaps, moves and links while root deletes."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hostile import ALICE, Canary, again_and_again, as_root, directory, link, meanwhile, swapped_again_and_again, write

from guestseal.errors import Changed, GuestError
from guestseal.guest.actions import Remove
from guestseal.guest.root import Root
from guestseal.guest.traversal import Traversal

pytestmark = as_root


def attempt(change: Callable[[], object]) -> None:
    """A change that may be refused: only what it does to others counts."""
    try:
        change()
    except GuestError:
        return


@pytest.mark.parametrize("target", ["/precious", "outside"])
def test_a_directory_swapped_for_a_link_while_it_is_emptied(
    guest: Path, root: Root, canary: Canary, target: str
) -> None:
    write(guest / "precious/canary", b"root's own\n")
    directory(guest / "tmp/x/dir", owner=ALICE)
    link(guest / "tmp/x/link", canary.path if target == "outside" else target)
    inside = os.open(guest / "tmp/x/dir", os.O_RDONLY)
    with swapped_again_and_again(guest / "tmp/x/dir", guest / "tmp/x/link"):
        for _ in again_and_again():
            for name in ("canary", "file"):
                os.close(os.open(name, os.O_CREAT, dir_fd=inside))
            attempt(lambda: root.empty("/tmp/x/dir"))
            attempt(lambda: list(root.glob("/tmp/**")))
            assert not [path for path in root.glob("/tmp/*/dir/*") if not path.startswith("/tmp/x/")]
    os.close(inside)
    assert sorted(os.listdir(guest / "precious")) == ["canary", "file"]


def test_a_directory_swapped_for_a_link_while_all_around_it_is_removed(guest: Path, root: Root, canary: Canary) -> None:
    link(guest / "home/alice/link", canary.path, owner=ALICE)
    link(guest / "home/alice/other", "/precious", owner=ALICE)
    for _ in again_and_again():
        for number in range(20):
            write(guest / f"tmp/spool/{number}/canary")
            write(guest / f"tmp/spool/{number}/file")
        link(guest / "tmp/link", canary.path)
        with swapped_again_and_again(guest / "tmp/spool/7", guest / "tmp/link"):
            attempt(lambda: Remove("/tmp/spool", secret=True).perform(root))
        attempt(lambda: root.empty("/tmp"))
    assert (guest / "precious/file").exists()


@pytest.mark.parametrize("target", ["/precious", "outside"])
def test_a_home_swapped_for_a_link_while_files_in_it_are_changed(
    guest: Path, root: Root, canary: Canary, target: str
) -> None:
    precious = write(guest / "precious/canary", b"root's own\n")
    before = (precious.stat().st_ino, precious.stat().st_mtime_ns)
    write(directory(guest / "home/alice/dir", owner=ALICE) / "canary", owner=ALICE)
    link(guest / "home/alice/link", canary.path if target == "outside" else target, owner=ALICE)
    path = "/home/alice/dir/canary"
    with swapped_again_and_again(guest / "home/alice/dir", guest / "home/alice/link"):
        for _ in again_and_again():
            attempt(lambda: root.replace(path, b"new"))
            attempt(lambda: root.overwrite(path))
            attempt(lambda: root.truncate(path, mode=0o777))
            attempt(lambda: root.clear_mode("/home/alice/dir", 0o777, owners=(0, ALICE)))
            attempt(lambda: root.set_mode(path, 0o777, owner=(ALICE, ALICE)))
            attempt(lambda: root.remove(path))
            attempt(lambda: root.make_directory("/home/alice/dir/made", owner=(ALICE, ALICE)))
    assert precious.read_bytes() == b"root's own\n"
    assert (precious.stat().st_ino, precious.stat().st_mtime_ns) == before
    assert set(os.listdir(guest / "precious")) == {"file", "canary"}


@pytest.mark.parametrize("other", ["hard", "soft"])
def test_a_file_swapped_for_another_name_of_the_canary(guest: Path, root: Root, canary: Canary, other: str) -> None:
    mine, theirs = guest / "home/alice/history", guest / "home/alice/other"
    for _ in range(20):
        write(mine, b"mine\n", owner=ALICE)
        os.link(canary.file, theirs) if other == "hard" else link(theirs, canary.file, owner=ALICE)
        with swapped_again_and_again(mine, theirs):
            for _ in again_and_again(0.03):
                attempt(lambda: root.overwrite("/home/alice/history"))
                attempt(lambda: root.clear_mode("/home/alice/history", 0o777, owners=(0, ALICE, 4242)))
                attempt(lambda: root.set_mode("/home/alice/history", 0o777, owner=(ALICE, ALICE)))
                attempt(lambda: root.replace("/home/alice/history", b"new", clear=0o777))
                attempt(lambda: root.truncate("/home/alice/history", mode=0o666))
        root.empty("/home/alice")


def test_no_directory_but_the_new_one_is_given_away(guest: Path, root: Root) -> None:
    write(guest / "home/alice/secret/key")
    made = guest / "home/alice/.ssh"
    with swapped_again_and_again(made, guest / "home/alice/secret"):
        for _ in again_and_again(0.6):
            with suppress(OSError):
                os.rmdir(made)
            attempt(lambda: root.make_directory("/home/alice/.ssh", owner=(ALICE, ALICE)))
    with_key = [name for name in os.listdir(guest / "home/alice") if (guest / "home/alice" / name / "key").exists()]
    assert len(with_key) == 1
    assert (guest / "home/alice" / with_key[0]).stat().st_uid == 0


def test_a_directory_moved_out_while_the_walk_is_in_it(guest: Path, root: Root) -> None:
    for name in ("a", "b"):
        write(guest / f"tmp/spool/deep/{name}", owner=ALICE)
    for name in ("deep", "spool", "z"):
        write(guest / f"precious/{name}/file")
    with pytest.raises(Changed, match="moved"):
        for node in Traversal(root, "/tmp"):
            assert node.path.startswith("/tmp/spool")
            if node.name == "a":
                os.rename(guest / "tmp/spool/deep", guest / "precious/moved")
    assert sorted(os.listdir(guest / "precious")) == ["deep", "file", "moved", "spool", "z"]


@pytest.mark.usefixtures("canary")
def test_a_directory_moved_away_while_it_is_removed(guest: Path, root: Root, tmp_path: Path) -> None:
    for _ in again_and_again():
        for number in range(30):
            write(guest / f"tmp/spool/{number}/canary/below")
        directory(tmp_path / "elsewhere")
        with swapped_again_and_again(guest / "tmp/spool/1", tmp_path / "elsewhere"):
            attempt(lambda: root.remove("/tmp/spool"))
        attempt(lambda: root.empty("/tmp"))


def test_what_vanishes_meanwhile_is_gone_as_well(guest: Path, root: Root) -> None:
    for number in range(9):
        write(guest / f"tmp/{number}/file")
    seen = []
    for node in Traversal(root, "/tmp"):
        seen.append(node.path)
        for number in range(1, 9):
            (guest / f"tmp/{number}/file").unlink(missing_ok=True)
        if (guest / "tmp/5").exists():
            os.rmdir(guest / "tmp/5")
    assert "/tmp/0/file" in seen
    assert not {"/tmp/1/file", "/tmp/5"} & set(seen)


def test_what_is_put_into_a_directory_meanwhile_is_told(guest: Path, root: Root) -> None:
    """Who wins a round is chance, and on a busy machine the same one wins often: rounds until it was told."""
    for _ in again_and_again(60):
        directory(guest / "tmp/spool/queue")
        with meanwhile(lambda number: os.mkdir(guest / f"tmp/spool/queue/{number}")):
            try:
                gone = root.remove("/tmp/spool")
            except Changed:
                return
            assert gone
    pytest.fail("not once in a minute was it told that a directory had filled again")
