"""The immutable and append-only flags of chattr(1).

Only these two bits are changed: writing any other value back would clear flags the
filesystem keeps for itself (FS_EXTENT_FL; ioctl_iflags(2)).
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager

FS_IMMUTABLE = 0x10
FS_APPEND = 0x20
_PROTECTING = FS_IMMUTABLE | FS_APPEND

# linux/fs.h: _IOR('f', 1, long) and _IOW('f', 2, long), whatever the kernel reads and writes: an int.
# asm-generic/ioctl.h gives the direction the two highest bits; powerpc, mips, sparc and alpha the three highest.
_OLD_ENCODING = os.uname().machine.startswith(("ppc", "mips", "sparc", "alpha"))
_READ, _WRITE = (2 << 29, 4 << 29) if _OLD_ENCODING else (2 << 30, 1 << 30)
_GET = _READ | struct.calcsize("l") << 16 | ord("f") << 8 | 1
_SET = _WRITE | struct.calcsize("l") << 16 | ord("f") << 8 | 2
_NO_FLAGS = (errno.ENOTTY, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)
"""What filesystems without such flags answer: tmpfs before Linux 6.6, vfat, overlay on some kernels."""


def protection(fd: int) -> int:
    """Which of the two flags the open file or directory ``fd`` has: FS_IMMUTABLE | FS_APPEND."""
    return _flags(fd) & _PROTECTING


def protect(fd: int, bits: int) -> None:
    """Make ``fd`` have exactly these of the two flags. Raises OSError."""
    before = _flags(fd)
    wanted = (before & ~_PROTECTING) | (bits & _PROTECTING)
    if wanted != before:
        _set_flags(fd, wanted)


@contextmanager
def lifted(fd: int) -> Iterator[None]:
    """Take both flags away from ``fd`` for the while, and put back what was there."""
    before = protection(fd)
    protect(fd, 0)
    try:
        yield
    finally:
        # What was removed meanwhile has no name any more, and its flags matter to nobody.
        if os.fstat(fd).st_nlink:
            protect(fd, before)


def _flags(fd: int) -> int:
    import fcntl

    try:
        answer = fcntl.ioctl(fd, _GET, bytes(8))
    except OSError as error:
        if error.errno in _NO_FLAGS:
            return 0
        raise
    return int(struct.unpack("i4x", answer)[0])


def _set_flags(fd: int, flags: int) -> None:
    import fcntl

    # An int in the first four bytes: packed as a long, a big-endian machine would set no flag at all.
    fcntl.ioctl(fd, _SET, struct.pack("i4x", flags))
