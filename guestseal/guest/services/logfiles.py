"""Log directories: which files are old copies, and how a directory is emptied without a program noticing."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from re import Pattern

from guestseal.errors import NotEntered, Unsafe
from guestseal.guest.actions import Action, Remove, Truncate
from guestseal.guest.tree import Tree

# logrotate(8): numbers, dateext, compressed; savelog(8): numbers; Xorg, boot.log: .old. More than
# three digits are no rotation: MariaDB's mysql-bin.000001 belongs to an index. A date is the
# name's end, or only a time or an extension follows: PostgreSQL, Tomcat, atop.
_OLD = re.compile(
    r"""\.(?:gz|xz|bz2|zst|lz4|lzma|lzo|Z|zip)$
    | \.\d{1,3}$
    | \.old$ | ~$
    | [-._](?:19|20)\d\d-?[01]\d-?[0-3]\d(?:[-._T]\S*)?$""",
    re.VERBOSE,
)


def is_old_copy(name: str) -> bool:
    """Whether a file of that name is a rotated, dated or compressed log: no program opens it again."""
    return _OLD.search(name) is not None


def emptied(tree: Tree, directory: str, *, apart_from: Pattern[str] | None = None) -> Iterator[Action]:
    """The actions that take the content out of every log below ``directory``.

    Old copies are removed. Every other file is truncated, so that it keeps owner, mode, ACL
    and label for a program that may write there but could not make it anew. Directories,
    links, sockets and FIFOs stay. ``apart_from``: which paths, relative to ``directory``, to leave alone.
    """
    try:
        top = tree.resolve(directory)
    except (NotEntered, Unsafe) as error:  # a tmpfs on /var/log: nothing of it reaches the disk
        tree.pass_over(error)
        return
    if top is None:
        return
    for path in tree.glob(f"{directory}/**"):
        if apart_from is not None and apart_from.fullmatch(path[len(top) + 1 :]):
            continue
        info = tree.lstat(path)
        if info is None or not stat.S_ISREG(info.st_mode):
            continue
        if is_old_copy(path.rpartition("/")[2]):
            yield Remove(path)
        elif info.st_size:
            yield Truncate(path)
