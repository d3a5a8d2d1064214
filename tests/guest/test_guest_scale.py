"""Trees that are deeper than a path may be long and wider than memory should grow."""

from __future__ import annotations

import os
import resource
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hostile import as_root, write

from guestseal.guest.actions import Empty, Remove
from guestseal.guest.root import Root
from guestseal.guest.traversal import SORTED_UP_TO

pytestmark = as_root

DEPTH = 3000
NAME = "directory-of-a-deep-tree"  # 3000 of them: eighteen times PATH_MAX


@contextmanager
def few_descriptors() -> Iterator[None]:
    """The limits of a small process: 48 descriptors beyond those the test run holds."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(map(int, os.listdir("/proc/self/fd")))
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 48, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def deep(guest: Path, root: Root) -> Iterator[str]:
    """A tree 3000 directories deep, with a file at its end; nothing of it is left afterwards."""
    fd = os.open(guest / "var/spool", os.O_RDONLY)
    for _ in range(DEPTH):
        os.mkdir(NAME, dir_fd=fd)
        below = os.open(NAME, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = below
    os.close(os.open("secret", os.O_CREAT | os.O_WRONLY, dir_fd=fd))
    os.close(fd)
    try:
        yield "/var/spool" + f"/{NAME}" * DEPTH
    finally:
        root.empty("/var/spool")
        assert os.listdir(guest / "var/spool") == []


def test_a_deep_tree_is_searched_read_and_changed(deep: str, root: Root) -> None:
    with few_descriptors():
        assert list(root.glob("/var/**/secret")) == [f"{deep}/secret"]
        root.replace(f"{deep}/secret", b"new")
        assert root.read(f"{deep}/secret") == b"new"
        assert root.resolve(f"{deep}/..//{NAME}/./secret") == f"{deep}/secret"
        root.overwrite(f"{deep}/secret")
        root.truncate(f"{deep}/secret")
        assert root.remove(f"{deep}/secret")
        assert list(root.glob("/var/**")) == []


@pytest.mark.usefixtures("deep")
@pytest.mark.parametrize(
    "change",
    [
        lambda root: Empty("/var/spool").perform(root),
        lambda root: Remove(f"/var/spool/{NAME}", secret=True).perform(root),
        lambda root: Remove(f"/var/spool/{NAME}").perform(root),
    ],
)
def test_a_deep_tree_is_taken_away(guest: Path, root: Root, change: Callable[[Root], None]) -> None:
    assert sum(1 for _ in Empty("/var/spool").footprint(root)) == DEPTH + 1
    start = time.process_time()
    with few_descriptors():
        change(root)
    assert os.listdir(guest / "var/spool") == []
    assert time.process_time() - start < 5


@pytest.fixture
def wide(guest: Path) -> int:
    """A directory with more names than are sorted in one piece."""
    count = SORTED_UP_TO + 10_000
    fd = os.open(guest / "var/spool", os.O_RDONLY)
    write(guest / "var/spool/source")
    for number in range(count - 1):
        # mknod(2) makes a regular file without opening it.
        os.mknod(f"{number:05}-\udcff", stat.S_IFREG | 0o600, dir_fd=fd)
    os.close(fd)
    return count


def test_a_wide_directory_is_matched_and_emptied(wide: int, guest: Path, root: Root) -> None:
    start = time.process_time()
    assert len(set(root.glob("/var/spool/*"))) == wide
    assert len(set(root.glob("/var/**"))) == wide
    assert sum(1 for _ in Empty("/var/spool").footprint(root)) == wide
    Empty("/var/spool").perform(root)
    assert os.listdir(guest / "var/spool") == []
    assert time.process_time() - start < 10


def test_a_look_is_quick(guest: Path, root: Root) -> None:
    write(guest / "etc/ssh/sshd_config")
    rounds = 500
    best = min(_seconds(lambda: root.lstat("/etc/ssh/sshd_config"), rounds) for _ in range(5))
    assert best / rounds < 200e-6  # about 15 microseconds on an idle machine


def _seconds(call: Callable[[], object], rounds: int) -> float:
    start = time.perf_counter()
    for _ in range(rounds):
        call()
    return time.perf_counter() - start
