"""The lock that passwd(1), useradd(8) and chpasswd(8) hold while they write: lckpwdf(3)."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from guestseal.errors import GuestError
from guestseal.guest.root import Root

LOCK = "/etc/.pwd.lock"
WAIT = 15.0
"""Seconds to wait for another writer, as lckpwdf(3) does."""


@contextmanager
def locked(root: Root, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the guest's account lock; a guest without the lock file has no other writer.

    Raises GuestError when another program keeps it for ``wait`` seconds.
    """
    end = time.monotonic() + wait
    with root.looked_at(LOCK, follow=False) as looked:
        if looked is None:  # every holder of the lock makes the file first
            yield
            return
        with root.opened_file(LOCK, looked, os.O_WRONLY) as fd:
            while not _try(fd):
                if time.monotonic() > end:
                    raise GuestError(LOCK, f"another program has held it for {wait:.0f} seconds; end it and try again")
                _pause(0.05)
            yield


def _try(fd: int) -> bool:
    try:
        fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return False
        raise
    return True


def _pause(seconds: float) -> None:
    import select

    select.select([], [], [], seconds)
