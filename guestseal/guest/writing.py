"""Writing to open files, so that what was written is there after a power cut."""

from __future__ import annotations

import errno
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_ZEROS = bytes(1 << 20)


@contextmanager
def temporary_beside(parent: int, name: str) -> Iterator[tuple[str, int]]:
    """A new file in the directory ``parent`` to take the place of ``name``: its own name, and open for writing.

    It is root's alone, and gone at the end unless it was renamed. Its name is always the
    same one for ``name``: what a power cut left of it is removed by the next try. Raises OSError.
    """
    own = f".guestseal-{zlib.crc32(os.fsencode(name)):08x}"
    _unlink(parent, own)
    fd = os.open(own, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=parent)
    try:
        yield own, fd
    finally:
        os.close(fd)
        _unlink(parent, own)


def write_all(fd: int, content: bytes, at: int = 0) -> None:
    """Write all of ``content`` to the open file, beginning ``at`` that byte. Raises OSError."""
    view = memoryview(content)
    while view:
        written = os.pwrite(fd, view, at)
        view, at = view[written:], at + written


def write_zeros(fd: int) -> None:
    """Write zeros over all data of the open file; its holes stay holes. Raises OSError."""
    for start, end in _data(fd, os.fstat(fd).st_size):
        for at in range(start, end, len(_ZEROS)):
            write_all(fd, _ZEROS[: min(end - at, len(_ZEROS))], at)


def version(info: os.stat_result | None) -> tuple[int, ...]:
    """What tells one state of one file from another; empty for no file."""
    return () if info is None else (info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns)


def syncfs(fd: int) -> None:
    """Flush the filesystem that ``fd`` lies on to its device. Raises OSError.

    Python has no syncfs(2), and its sync(2) would wait for every filesystem of this machine.
    """
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syncfs(fd) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _unlink(parent: int, name: str) -> None:
    with suppress(FileNotFoundError):  # renamed, or never there
        os.unlink(name, dir_fd=parent)


def _data(fd: int, size: int) -> Iterator[tuple[int, int]]:
    """Where the first ``size`` bytes of a file hold data: lastlog is sparse, and reaches terabytes."""
    end = 0
    while end < size:
        try:
            start = os.lseek(fd, end, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # lseek(2): no data from here to the end
                return
            raise
        end = min(os.lseek(fd, start, os.SEEK_HOLE), size)
        yield start, end
