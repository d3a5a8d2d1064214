"""The immutable and append-only flags of chattr(1).

Only these two bits are changed: writing any other value back would clear flags the
filesystem keeps for itself (FS_EXTENT_FL; ioctl_iflags(2)).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager

FS_IMMUTABLE = 0x10
FS_APPEND = 0x20
_PROTECTING = FS_IMMUTABLE | FS_APPEND
# _IOR('f', 1, long) and _IOW('f', 2, long): linux/fs.h; the kernel reads and writes an int.
_GET = 0x80086601
_SET = 0x40086602


def protected(fd: int) -> bool:
    """Whether the open file or directory ``fd`` is immutable or append-only."""
    return bool(_flags(fd) & _PROTECTING)


@contextmanager
def lifted(fd: int) -> Iterator[None]:
    """Take both flags away from ``fd`` for the while, and put back what was there."""
    before = _flags(fd)
    if before & _PROTECTING:
        _set_flags(fd, before & ~_PROTECTING)
    try:
        yield
    finally:
        # What was removed meanwhile has no name any more, and its flags matter to nobody.
        if before & _PROTECTING and os.fstat(fd).st_nlink:
            _set_flags(fd, (_flags(fd) & ~_PROTECTING) | (before & _PROTECTING))


def _flags(fd: int) -> int:
    import fcntl

    try:
        answer = fcntl.ioctl(fd, _GET, struct.pack("l", 0))
    except OSError:  # tmpfs before Linux 6.6, vfat, overlay on some kernels: the filesystem has no such flags
        return 0
    return int(struct.unpack("i", answer[:4])[0])


def _set_flags(fd: int, flags: int) -> None:
    import fcntl

    fcntl.ioctl(fd, _SET, struct.pack("l", flags))
