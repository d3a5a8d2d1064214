"""Where a program's output lies until it takes a name in the guest: a private directory beside that name.

Beside it, because a rename is atomic within one filesystem only; private, because
what is in it may be half written. A power cut leaves the directory behind: its name is
always the same one, and whoever is to write there begins with ``clear``.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from guestseal.errors import GuestError, Unsafe
from guestseal.guest.root import Root

NAME = ".guestseal-staging"


@dataclass(frozen=True)
class Staging:
    """A directory 0700 of root's, open as ``fd`` for programs that are given ``/proc/self/fd/N/NAME``."""

    root: Root
    path: str
    fd: int

    def make(self, name: str, content: bytes, *, mode: int, owner: tuple[int, int]) -> None:
        """Make the file ``name``, owner and mode included, on the disk. Raises GuestError."""
        with self._errors(name):
            fd = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=self.fd)
            with os.fdopen(fd, "wb") as file:
                file.write(content)
                file.flush()
                _finish(fd, mode, owner)

    def settle(self, name: str, *, mode: int, owner: tuple[int, int]) -> None:
        """Give the file ``name``, which a program made, its owner and mode, and put it on the disk.

        Raises Unsafe when it is not a regular file that holds something, GuestError when
        the disk does not take it.
        """
        with self._errors(name):
            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=self.fd)
            with os.fdopen(fd, "rb"):
                info = os.fstat(fd)
                if not stat.S_ISREG(info.st_mode) or info.st_size == 0:
                    raise Unsafe(f"{self.path}/{name}", "not a regular file that holds anything")
                _finish(fd, mode, owner)

    def place(self, name: str, target: str) -> None:
        """Rename ``name`` to ``target``, replacing a file that is there."""
        self.root.rename(f"{self.path}/{name}", target)

    @contextmanager
    def _errors(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise GuestError(f"{self.path}/{name}", f"not made: {error.strerror}") from error


@contextmanager
def staged(root: Root, directory: str) -> Iterator[Staging]:
    """A new staging directory inside ``directory``, removed at the end with all that is still in it."""
    path = _path(directory)
    clear(root, directory)
    root.make_directory(path, mode=0o700)
    try:
        with root.entered(path, follow=False) as fd:
            # In a user's directory the name can have been given to something of theirs meanwhile.
            if fd is None or os.fstat(fd).st_uid != 0:
                raise Unsafe(path, "taken away as soon as it was made")
            yield Staging(root, path, fd)
    finally:
        root.remove(path)


def clear(root: Root, directory: str) -> None:
    """Remove the staging directory that a power cut left in ``directory``."""
    root.remove(_path(directory))


def _path(directory: str) -> str:
    return f"{directory.rstrip('/')}/{NAME}"


def _finish(fd: int, mode: int, owner: tuple[int, int]) -> None:
    os.fchown(fd, *owner)
    os.fchmod(fd, mode)
    os.fsync(fd)
