"""FITRIM: tell the disk which blocks are free, so that it forgets what they held.

Whether it does, and in pieces of which size, is the disk's affair; that is why the scrub
looks afterwards. ext4 with blocks of 1 KiB on a disk that discards 4 KiB at a time keeps
nearly everything.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass

from guestseal.errors import GuestError
from guestseal.guest.writing import syncfs
from guestseal.machine.clock import Deadline
from guestseal.scrub import kernel
from guestseal.scrub.devices import Filesystem
from guestseal.scrub.progress import Progress

SLICE = 64 << 30
"""Bytes of a filesystem trimmed by one call: between two calls the time is looked at."""

# These trim what they are asked for; btrfs trims all that is unallocated at each call.
_SLICED = ("ext2", "ext3", "ext4", "xfs")
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
            syncfs(fd)
            size = os.fstatvfs(fd).f_blocks * os.fstatvfs(fd).f_frsize
            slices = range(0, max(size, 1), SLICE) if filesystem.kind in _SLICED else range(1)
            for start in slices:
                if deadline.passed:
                    why = f"{filesystem}: trimmed up to {start >> 30} of {size >> 30} GiB only, the time was over"
                    return Trim(filesystem.path, done, granularity, why)
                last = start == slices[-1]
                done += kernel.trim(fd, start) if last else kernel.trim(fd, start, SLICE)
                progress(f"trimming {filesystem.path}", min(start + SLICE, size), size)
            syncfs(fd)
    except GuestError as error:
        return Trim(filesystem.path, done, granularity, f"not trimmed: {error}")
    except OSError as error:
        return Trim(filesystem.path, done, granularity, f"{filesystem}: not trimmed, {_reason(error)}")
    return Trim(filesystem.path, done, granularity)


def _reason(error: OSError) -> str:
    if error.errno in _NO_DISCARD:
        return "it has no discard path; the hypervisor must offer discard=unmap for its disk"
    return error.strerror or str(error)
