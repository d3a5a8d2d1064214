"""The kernel's calls on filesystems and block devices that Python has no names for.

Each raises OSError as the kernel says it.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Iterator

_OLD = ("ppc", "mips", "sparc", "alpha")
# asm-generic/ioctl.h: "no direction" is 0 in the two highest bits; on powerpc, mips, sparc and alpha 1 in
# the three highest. "Both directions" is the same number everywhere.
_NO_DIRECTION, _READ = (1 << 29, 2 << 29) if os.uname().machine.startswith(_OLD) else (0, 2 << 30)
_FITRIM = 0xC0185879  # linux/fs.h: _IOWR('X', 121, struct fstrim_range)
_FS_IOC_FIEMAP = 0xC020660B  # linux/fs.h: _IOWR('f', 11, struct fiemap)
_BLKFLSBUF = _NO_DIRECTION | 0x1261  # linux/fs.h: _IO(0x12, 97)
_BLKZEROOUT = _NO_DIRECTION | 0x127F  # linux/fs.h: _IO(0x12, 127)
_XFS_IOC_FREE_EOFBLOCKS = _READ | 0x0080583A  # xfs_fs.h: _IOR('X', 58, struct xfs_fs_eofblocks)
_XFS_IOC_FSGEOMETRY_V1 = _READ | 0x00705864  # xfs_fs.h: _IOR('X', 100, struct xfs_fsop_geom_v1)

_EOFBLOCKS_VERSION = 1
_EOFBLOCKS_SYNC = 1
EVERYTHING = 2**64 - 1
"""A length that reaches to the end, from byte 0."""
_EXTENTS_AT_ONCE = 64
_FIEMAP_SYNC = 1
EXTENT_LAST = 0x0001
EXTENT_SHARED = 0x2000


def trim(fd: int, start: int = 0, length: int = EVERYTHING) -> int:
    """Discard the free blocks between two bytes of the filesystem ``fd`` lies on; how many bytes that were.

    Bytes as the filesystem counts them: ext4 passes over block groups without anything
    freed since the last trim. fstrim(8), linux/fs.h struct fstrim_range.
    """
    answer = fcntl.ioctl(fd, _FITRIM, struct.pack("=QQQ", start, length, 0))
    return int(struct.unpack("=QQQ", answer)[1])


def finish_deletions(fd: int) -> None:
    """Wait until XFS has freed the blocks of the files that were deleted.

    Since Linux 5.14 that happens in the background, and neither syncfs(2) nor FITRIM waits for
    it; XFS_IOC_FREE_EOFBLOCKS does (fs/xfs/xfs_icache.c, xfs_blockgc_free_space).
    """
    fcntl.ioctl(fd, _XFS_IOC_FREE_EOFBLOCKS, struct.pack("=LL120x", _EOFBLOCKS_VERSION, _EOFBLOCKS_SYNC))


def xfs_geometry(fd: int) -> tuple[int, int]:
    """Bytes of an allocation group of the XFS that ``fd`` lies on, and of all its data (ioctl_xfs_fsgeometry(2))."""
    answer = fcntl.ioctl(fd, _XFS_IOC_FSGEOMETRY_V1, bytes(112))
    block, _, blocks_a_group = struct.unpack_from("=LLL", answer)
    return block * blocks_a_group, block * int(struct.unpack_from("=Q", answer, 32)[0])


def zero_out(fd: int, start: int, length: int) -> None:
    """Make these bytes of a block device read as zeros, with the device's own command where it has one.

    Documentation/ABI/stable/sysfs-block, write_zeroes_max_bytes: without such a command the
    kernel writes zeros itself.
    """
    fcntl.ioctl(fd, _BLKZEROOUT, struct.pack("=QQ", start, length))


def flush_buffers(fd: int) -> None:
    """Write out, then forget what the kernel has of a block device in memory."""
    fcntl.ioctl(fd, _BLKFLSBUF, 0)


def extents(fd: int) -> Iterator[tuple[int, int, int]]:
    """The extents of an open file: offset in the file, length, flags (Documentation/filesystems/fiemap.rst)."""
    at = 0
    while True:
        request = bytearray(struct.pack("=QQLLLL", at, EVERYTHING - at, _FIEMAP_SYNC, 0, _EXTENTS_AT_ONCE, 0))
        request += bytes(56 * _EXTENTS_AT_ONCE)
        fcntl.ioctl(fd, _FS_IOC_FIEMAP, request)
        count = struct.unpack_from("=L", request, 20)[0]
        for number in range(count):
            offset, _, length, _, _, flags = struct.unpack_from("=QQQQQL", request, 32 + 56 * number)
            yield offset, length, flags
            at = offset + length
            if flags & EXTENT_LAST:
                return
        if not count:
            return
