"""Reading a disk as it is, past the page cache, in flat memory.

O_DIRECT, open(2): buffer, offset and length are aligned; 4096 satisfies every disk.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator

from guestseal.machine.clock import Deadline

CHUNK = 8 << 20
_ALIGNED = 4096
_DAMAGED = (errno.EIO, errno.ENODATA, errno.EREMOTEIO, errno.EILSEQ)


class Raw:
    """One pass over a block device or file that was opened with O_DIRECT.

    ``keep``: how many bytes of the piece before each piece brings along, so that nothing
    is missed between two pieces. Raises OSError, but not for blocks that cannot be read:
    they are counted and passed over.
    """

    def __init__(self, fd: int, deadline: Deadline, *, keep: int = 0) -> None:
        self._fd = fd
        self._deadline = deadline
        self._keep = keep
        self.size = os.lseek(fd, 0, os.SEEK_END)
        """Bytes there are."""
        self.read = 0
        self.unreadable = 0
        self.buffer = bytearray(CHUNK + 2 * _ALIGNED)
        address = ctypes.addressof(ctypes.c_char.from_buffer(self.buffer))
        self._base = -(address + keep) % _ALIGNED + keep
        self._view = memoryview(self.buffer)[self._base : self._base + CHUNK]

    @property
    def complete(self) -> bool:
        """Whether every byte was read."""
        return self.read == self.size

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Where in ``buffer`` each piece starts and ends; it is valid until the next one is asked for."""
        at, kept, step = 0, 0, CHUNK
        while at < self.size and not self._deadline.passed:
            count = self._filled(at, step)
            if count:
                self.read += count
                yield self._base - kept, self._base + count
                at, kept = at + count, self._carried(kept, count)
                step = CHUNK
            elif step > _ALIGNED:
                step = _ALIGNED
            else:
                lost = min(_ALIGNED, self.size - at)
                self.unreadable += lost
                at, kept = at + lost, 0

    def _filled(self, at: int, count: int) -> int:
        """Read into the buffer: the bytes read, in whole blocks unless it is the end; 0: damaged."""
        try:
            count = os.preadv(self._fd, [self._view[:count]], at)
        except OSError as error:
            if error.errno in _DAMAGED:
                return 0
            raise
        return count if at + count == self.size else count - count % _ALIGNED

    def _carried(self, kept: int, count: int) -> int:
        """Put the last bytes of this piece before the place of the next one; how many."""
        carry = min(self._keep, kept + count)
        end = self._base + count
        self.buffer[self._base - carry : self._base] = self.buffer[end - carry : end]
        return carry
