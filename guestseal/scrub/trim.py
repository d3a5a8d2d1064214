"""FITRIM: tell the disk which blocks are free, so that it forgets what they held.

Whether it does, and in pieces of which size, is the disk's affair; that is why the scrub
looks afterwards. ext4 with blocks of 1 KiB on a disk that discards 4 KiB at a time keeps
nearly everything.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass

from guestseal.errors import GuestError
from guestseal.guest.writing import syncfs
from guestseal.machine.clock import Deadline
from guestseal.scrub import kernel
from guestseal.scrub.devices import Filesystem
from guestseal.scrub.progress import Progress

SLICE = 64 << 30
"""Bytes of a filesystem trimmed by one call at the most: between two calls the time is looked at."""

_NO_DISCARD = (errno.EOPNOTSUPP, errno.ENOTTY)


@dataclass(frozen=True)
class Trim:
    """What trimming one filesystem came to."""

    path: str
    trimmed: int = 0
    """Bytes, as the kernel reports them."""
    granularity: int = 0
    """The least that its disk discards, in bytes; 0: not known."""
    why: str = ""
    """Why it was not trimmed, or not all of it, with the remedy; empty: it was."""


def trim(filesystem: Filesystem, deadline: Deadline, progress: Progress) -> Trim:
    """Flush one filesystem, then trim it. What the kernel refuses is told, never raised."""
    granularity = max((device.discard_granularity for device in filesystem.devices), default=0)
    done = 0
    try:
        with filesystem.entered() as fd:
            # What was freed is trimmed only after the journal has committed it.
            filesystem.settle(fd)
            for start, length, size in _slices(filesystem, fd):
                if deadline.passed:
                    why = f"{filesystem}: trimmed up to {start >> 20} of {size >> 20} MiB only, the time was over"
                    return Trim(filesystem.path, done, granularity, why)
                done += kernel.trim(fd, start, length)
                progress(f"trimming {filesystem.path}", min(start + length, size), size)
            syncfs(fd)
    except GuestError as error:
        return Trim(filesystem.path, done, granularity, f"not trimmed: {error}")
    except OSError as error:
        return Trim(filesystem.path, done, granularity, f"{filesystem}: not trimmed, {_reason(error)}")
    return Trim(filesystem.path, done, granularity)


def _slices(filesystem: Filesystem, fd: int) -> Iterator[tuple[int, int, int]]:
    """Start and length of each piece to trim, and the bytes of the whole."""
    state = os.fstatvfs(fd)
    size = state.f_blocks * state.f_frsize
    if filesystem.kind == "xfs":
        # Asked for a whole allocation group, Linux 6.18 ends after its largest 100 free extents: 102 of
        # 400 secrets were left by fstrim(8). Asked for a part of one, it goes on to the end.
        group, size = kernel.xfs_geometry(fd)
        step = min(SLICE, group // 2)
    else:
        # btrfs trims all that is unallocated at each call.
        step = SLICE if filesystem.kind in ("ext2", "ext3", "ext4") else max(size, 1)
    starts = range(0, max(size, 1), step)
    for start in starts:
        # What statvfs(3) leaves out is at the end.
        open_end = start == starts[-1] and filesystem.kind != "xfs"
        yield start, kernel.EVERYTHING - start if open_end else step, size


def _reason(error: OSError) -> str:
    if error.errno in _NO_DISCARD:
        return "it has no discard path; the hypervisor must offer discard=unmap for its disk"
    return error.strerror or str(error)
