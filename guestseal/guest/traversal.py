"""Walking a directory of any depth, width and enmity.

The walk holds one directory open at a time and returns with ``..``, proving by
device and inode that it came back to where it left: depth is bounded neither by
PATH_MAX, nor by the number of descriptors, nor by Python's stack, and a directory
that is moved away meanwhile cannot carry the walk out of the tree. Nothing is
followed, no mount is entered.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from guestseal.errors import Changed
from guestseal.guest.tree import ENTER, Tree

SORTED_UP_TO = 50_000
"""Names sorted in one piece; a larger directory is listed in its own order, to keep memory flat."""


@dataclass(frozen=True)
class Node:
    """One thing met: ``name`` in the open directory ``parent``, valid until the walk goes on."""

    parent: int
    name: str
    info: os.stat_result
    kept: bool
    """A device node, a mount, or a directory that holds one: it cannot be removed."""
    walk: Traversal

    @property
    def path(self) -> str:
        """Its path inside the tree."""
        return "/".join((self.walk.top.rstrip("/"), *self.walk.trail, self.name))

    @property
    def relative(self) -> str:
        """Its path below the directory the walk started in."""
        return "/".join((*self.walk.trail, self.name))

    @property
    def is_dir(self) -> bool:
        """Whether it is a directory."""
        return stat.S_ISDIR(self.info.st_mode)


class _Level:
    """A directory being walked: its names still to come, and whether something in it stays."""

    def __init__(self, fd: int, name: str) -> None:
        self.name = name
        self.info = os.fstat(fd)
        self.names = listing(fd)
        self.kept = False

    def is_at(self, fd: int) -> bool:
        info = os.fstat(fd)
        return (info.st_dev, info.st_ino) == (self.info.st_dev, self.info.st_ino)


class Traversal:
    """Everything below one directory, contents before their directory.

    The consumer may remove a node it is given before it asks for the next one. A
    name that vanishes meanwhile is passed over. Raises Changed when a directory was
    moved while the walk was in it.
    """

    def __init__(self, tree: Tree, path: str) -> None:
        self.tree = tree
        self.top = tree.resolve(path) or path
        self.trail: list[str] = []
        self._levels: list[_Level] = []
        self._fd = -1
        self._mounts = tree.mounts.points_below(self.top)

    def __iter__(self) -> Iterator[Node]:
        with self.tree.entered(self.top) as start:
            if start is None:
                return
            self._fd = os.dup(start)
        try:
            self._levels = [_Level(self._fd, "")]
            while self._levels:
                name = next(self._levels[-1].names, None)
                node = self._leave() if name is None else self._meet(name)
                if node is not None:
                    yield node
        finally:
            os.close(self._fd)

    def _meet(self, name: str) -> Node | None:
        """The node ``name``, or None: it has vanished, or it is a directory that was just entered."""
        try:
            info = os.stat(name, dir_fd=self._fd, follow_symlinks=False)
            if stat.S_ISDIR(info.st_mode) and self._enter(name):
                return None
        except FileNotFoundError:
            return None
        kept = stat.S_ISDIR(info.st_mode) or stat.S_ISCHR(info.st_mode) or stat.S_ISBLK(info.st_mode)
        self._levels[-1].kept |= kept
        return Node(self._fd, name, info, kept, self)

    def _enter(self, name: str) -> bool:
        if self._mounts and "/".join((self.top.rstrip("/"), *self.trail, name)) in self._mounts:
            return False
        below = os.open(name, ENTER, dir_fd=self._fd)
        if self.tree.mounts.foreign(below) is not None:
            os.close(below)
            return False
        os.close(self._fd)
        self._fd = below
        self._levels.append(_Level(below, name))
        self.trail.append(name)
        return True

    def _leave(self) -> Node | None:
        level = self._levels.pop()
        if not self._levels:
            return None
        above = os.open("..", ENTER, dir_fd=self._fd)
        os.close(self._fd)
        self._fd = above
        if not self._levels[-1].is_at(above):
            raise Changed(self.top, "a directory below it was moved while it was walked; run the command again")
        self.trail.pop()
        self._levels[-1].kept |= level.kept
        return Node(above, level.name, level.info, level.kept, self)


def listing(fd: int) -> Iterator[str]:
    """The names in the open directory ``fd``: sorted, unless there are more than SORTED_UP_TO."""
    with os.scandir(fd) as entries:
        first = [entry.name for entry in islice(entries, SORTED_UP_TO)]
        rest = bytearray()
        for entry in entries:
            rest += os.fsencode(entry.name) + b"\0"
    first.sort()
    return _names(first, bytes(rest))


def _names(first: list[str], rest: bytes) -> Iterator[str]:
    yield from first
    start = 0
    while start < len(rest):
        end = rest.index(b"\0", start)
        yield os.fsdecode(rest[start:end])
        start = end + 1
