"""The account lock: lckpwdf(3) locks /etc/.pwd.lock with fcntl(2)."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hostile import Canary, as_root, link, write

from guestseal.errors import Changed, GuestError, Unsafe
from guestseal.guest.accounts.account_lock import LOCK, WAIT, locked
from guestseal.guest.actions import Edit
from guestseal.guest.root import Root

pytestmark = as_root


@contextmanager
def held_by_another_process(path: Path) -> Iterator[int]:
    """A process that holds the lock as passwd(1) does while it writes."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        fd = os.open(path, os.O_WRONLY)
        fcntl.lockf(fd, fcntl.LOCK_EX)
        os.write(writer, b"!")
        signal.pause()
    os.read(reader, 1)
    try:
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reader)
        os.close(writer)


def locked_now(path: Path) -> bool:
    """Whether another process could not take the lock."""
    child = os.fork()
    if child == 0:
        fd = os.open(path, os.O_WRONLY)
        try:
            fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


def test_a_lock_held_by_another_process_is_waited_for_and_no_longer(guest: Path, root: Root) -> None:
    path = write(guest / LOCK[1:], b"", mode=0o600)
    with held_by_another_process(path):
        start = time.monotonic()
        with pytest.raises(GuestError, match="another program"), locked(root, wait=0.2):
            raise AssertionError("not reached")
        assert 0.2 <= time.monotonic() - start < 2
    with locked(root, wait=0.2):
        assert locked_now(path)
    assert not locked_now(path)


def test_the_wait_ends_when_the_other_process_does(guest: Path, root: Root) -> None:
    path = write(guest / LOCK[1:], b"", mode=0o600)
    with held_by_another_process(path) as holder:
        helper = os.fork()
        if helper == 0:
            time.sleep(0.1)
            os.kill(holder, signal.SIGKILL)
            os._exit(0)
        with locked(root, wait=5):
            assert locked_now(path)
        os.waitpid(helper, 0)


def test_it_is_released_after_an_error(guest: Path, root: Root) -> None:
    path = write(guest / LOCK[1:], b"", mode=0o600)
    write(guest / "etc/shadow", b"root:hash:\n", mode=0o640)
    with pytest.raises(Changed):
        Edit("/etc/shadow", before=b"other", after=b"").perform(root)
    assert not locked_now(path)
    Edit("/etc/shadow", before=b"root:hash:\n", after=b"root:!:\n").perform(root)
    assert (guest / "etc/shadow").read_bytes() == b"root:!:\n"
    assert not locked_now(path)


def test_a_guest_without_the_lock_gets_none(guest: Path, root: Root) -> None:
    with locked(root, wait=0):
        assert os.listdir(guest / "etc") == []


def test_the_lock_is_a_regular_file_or_none(guest: Path, root: Root, canary: Canary) -> None:
    link(guest / LOCK[1:], canary.file)
    with pytest.raises(Unsafe), locked(root, wait=0):
        raise AssertionError("not reached")
    os.unlink(guest / LOCK[1:])
    os.mkfifo(guest / LOCK[1:])
    with pytest.raises(Unsafe), locked(root, wait=0):
        raise AssertionError("not reached")


def test_the_wait_is_that_of_lckpwdf() -> None:
    assert WAIT == 15.0
