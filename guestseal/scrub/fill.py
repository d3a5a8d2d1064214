"""Filling what is free with zeros, so that nothing of the old content is left there.

Measured on ext4: one fill in 1 MiB pieces leaves the very fragments in which small secrets
lie, and the clusters that ext4 holds back (reserved_clusters) are never filled; with those
set to 0 and further fills in 4 KiB and 1 KiB pieces none of 300 secrets was left. XFS reserves
space in each allocation group that no file can take: there 199 of 300 were left by the same.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guestseal.errors import GuestError
from guestseal.guest.writing import syncfs
from guestseal.machine.clock import Deadline
from guestseal.scrub.devices import SYS, Filesystem
from guestseal.scrub.overwriting import keeps_old_blocks
from guestseal.scrub.progress import Progress, ended_in_order

PIECES = (1 << 20, 4096, 1024)
_FLUSH = 64 << 20
"""Bytes between two flushes: a signal and the deadline wait no longer than one takes."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_UNNAMED = (errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT)
"""What open(2) says where O_TMPFILE is not known."""
_ZEROS = bytes(PIECES[0])


@dataclass(frozen=True)
class Filled:
    """What filling one filesystem came to."""

    path: str
    written: int = 0
    """Bytes."""
    left: int = 0
    """Bytes that were still free when it was full."""
    why: str = ""
    """Why it was not filled, or not all of it, with the remedy; empty: it was."""


@dataclass(frozen=True)
class Fill:
    """How filesystems are filled."""

    deadline: Deadline
    progress: Progress
    margin: int = 0
    """Bytes to leave free for others that write meanwhile; what lies in them is not filled."""
    force: bool = False
    """Fill also where it is thinly provisioned, and will take its full size."""
    sys: Path = SYS

    def fill(self, filesystem: Filesystem) -> Filled:
        """Fill one filesystem and free it again. What is in the way is told, never raised.

        The space is free again however this ends: the files have no name, and nobody but
        this process has them open.
        """
        why = _refusal(filesystem, force=self.force)
        if why:
            return Filled(filesystem.path, why=f"{filesystem}: not filled, {why}")
        try:
            with ended_in_order(), filesystem.entered() as top, _reserve_released(filesystem, self.sys):
                filesystem.settle(top)
                pouring = _Pouring(self, filesystem, top)
                try:
                    why = pouring.run()
                finally:
                    pouring.close()
                    # The freed blocks are committed before anything looks at what is left.
                    syncfs(top)
        except GuestError as error:
            return Filled(filesystem.path, why=f"not filled: {error}")
        except OSError as error:
            return Filled(filesystem.path, why=f"{filesystem}: not filled, {error.strerror}")
        return Filled(filesystem.path, pouring.written, pouring.left, f"{filesystem}: {why}" if why else "")


def _refusal(filesystem: Filesystem, *, force: bool) -> str:
    if not filesystem.devices:
        return "it lies on no block device of this machine's"
    if filesystem.kind == "xfs" or keeps_old_blocks(filesystem):
        return f"filling does not reach what {filesystem.kind} keeps; use --scrub trim on a disk that can discard"
    thin = next((device.thin for device in filesystem.devices if device.thin), "")
    if thin and not force:
        return f"it lies on {thin}, which would take its full size; use --scrub trim, or force it"
    return ""


class _Pouring:
    """One fill: the files without a name, and how far it came."""

    def __init__(self, fill: Fill, filesystem: Filesystem, top: int) -> None:
        self._fill = fill
        self._filesystem = filesystem
        self._top = top
        self.written = 0
        self.left = 0
        self._files: list[int] = []
        self._unflushed = 0

    def run(self) -> str:
        """Fill; why it ended early, or nothing."""
        total = self._free()
        self._new_file()
        for size in PIECES:
            why = self._pieces(size, total)
            if why:
                return why
        # Blocks that became metadata of these files are written in place by this only: freed before,
        # they would have been zeroed in the journal and nowhere else.
        syncfs(self._top)
        self.left = self._free()
        return ""

    def close(self) -> None:
        while self._files:
            os.close(self._files.pop())

    def _pieces(self, size: int, total: int) -> str:
        """Write pieces of one size until nothing more goes in."""
        reached = -1
        while True:
            if self._fill.deadline.passed:
                return f"filled {self.written >> 20} of {total >> 20} MiB only, the time was over"
            if self._fill.margin and self._free() <= self._fill.margin + size:
                return ""
            try:
                count = os.write(self._files[-1], _ZEROS[:size])
            except OSError as error:
                if error.errno == errno.EFBIG:
                    self._new_file()
                    continue
                if error.errno not in _FULL:
                    raise
                self._flush(total)
                # Flushed, what was counted on for metadata may be free after all: full is when twice nothing went in.
                if self.written == reached:
                    return ""
                reached = self.written
                continue
            self.written += count
            self._unflushed += count
            if self._unflushed >= _FLUSH:
                self._flush(total)

    def _flush(self, total: int) -> None:
        try:
            os.fdatasync(self._files[-1])
        except OSError as error:
            # The last pieces may not find the room that was promised: full as well.
            if error.errno not in _FULL:
                raise
        self._unflushed = 0
        self._fill.progress(f"filling {self._filesystem.path}", self.written, max(total, self.written))

    def _free(self) -> int:
        """Bytes free for root: the blocks reserved for root are among them (statvfs(3), f_bfree)."""
        state = os.fstatvfs(self._top)
        return state.f_bfree * state.f_frsize

    def _new_file(self) -> None:
        try:
            self._files.append(os.open(".", os.O_TMPFILE | os.O_WRONLY | os.O_EXCL, 0o600, dir_fd=self._top))
        except OSError as error:
            if error.errno not in _UNNAMED:
                raise
            name = f".guestseal-{secrets.token_hex(8)}"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self._files.append(os.open(name, flags, 0o600, dir_fd=self._top))
            os.unlink(name, dir_fd=self._top)


@contextmanager
def _reserve_released(filesystem: Filesystem, sys: Path) -> Iterator[None]:
    """Let the clusters be used that ext4 holds back for its own metadata, and hold them back again.

    Documentation/ABI/testing/sysfs-fs-ext4; of a mount only: after a power cut they are held back.
    """
    path = sys / "fs/ext4" / filesystem.devices[0].name / "reserved_clusters"
    if not filesystem.kind.startswith("ext") or not path.exists():
        yield
        return
    before = path.read_text()
    try:
        path.write_text("0")
        yield
    finally:
        path.write_text(before)
