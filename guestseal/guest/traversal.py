"""Walking a directory of any depth, width and enmity.

The walk holds one directory open at a time and returns with ``..``, proving by
device and inode that it came back to where it left: depth is bounded neither by
PATH_MAX, nor by the number of descriptors, nor by Python's stack, and a directory
that is moved away meanwhile cannot carry the walk out of the tree. Nothing is
followed, and no mount is entered but the guest's own.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Callable

from guestseal.errors import Changed, GuestError
from guestseal.guest.mounts import mount_id
from guestseal.guest.tree import ENTER, Tree, is_device, reporting

SORTED_UP_TO = 50_000
"""Names sorted in one piece; a larger directory is listed in its own order, to keep memory flat."""

_TRIES = 3
"""Looks at a name that is a directory when looked at and something else when opened."""


@dataclass(frozen=True)
class Node:
    """One thing met: ``name`` in the open directory ``parent``, valid until the walk goes on."""

    parent: int
    name: str
    info: os.stat_result
    kept: bool
    """A device node, a mount point, or a directory that holds one: it cannot be removed."""
    mounted: bool
    """A mount that is not the guest's: neither is what ``info`` tells."""
    walk: Traversal

    @property
    def path(self) -> str:
        """Its path inside the tree."""
        return self.walk.path_of(self.name)

    @property
    def relative(self) -> str:
        """Its path below the directory the walk started in."""
        return "/".join((*self.walk.trail, self.name))

    @property
    def is_dir(self) -> bool:
        """Whether it is a directory."""
        return stat.S_ISDIR(self.info.st_mode)

    def keep(self) -> None:
        """Say that it stays, so that no directory it lies in is taken for removable."""
        self.walk.keep()


class _Level:
    """A directory being walked: its names still to come, and whether something in it stays."""

    def __init__(self, fd: int, name: str, mount: int) -> None:
        self.name = name
        self.mount = mount
        self.info = os.fstat(fd)
        self.names = listing(fd)
        self.kept = False

    def is_at(self, fd: int) -> bool:
        info = os.fstat(fd)
        return (info.st_dev, info.st_ino) == (self.info.st_dev, self.info.st_ino)


class Traversal:
    """Everything below one directory, contents before their directory.

    ``path`` itself is not followed when it is a link: nothing is below it. The consumer
    may remove a node it is given before it asks for the next one. A name that vanishes
    meanwhile is passed over. Mounts that are not entered are noted in ``tree.passed_over``.
    ``closed`` is told of a directory below that cannot be entered, and the walk goes on beside
    it; without, that raises GuestError. Raises Changed when a directory was moved while the walk
    was in it.
    """

    def __init__(self, tree: Tree, path: str, *, closed: Callable[[GuestError], None] | None = None) -> None:
        self.tree = tree
        self._closed = closed
        self.top = tree.resolve(path, follow=False) or path
        self.trail: list[str] = []
        self._levels: list[_Level] = []
        self._fd = -1
        self._mounts = tree.mounts.points_below(self.top)

    def __iter__(self) -> Iterator[Node]:
        with self.tree.entered(self.top, follow=False) as start:
            if start is None:
                return
            self._fd = os.dup(start)
        try:
            with reporting(self.top):
                self._levels = [_Level(self._fd, "", mount_id(self._fd))]
            while self._levels:
                name = next(self._levels[-1].names, None)
                node = self._leave() if name is None else self._meet(name)
                if node is not None:
                    yield node
        finally:
            os.close(self._fd)

    def path_of(self, name: str) -> str:
        """The path inside the tree of a ``name`` in the directory where the walk stands."""
        return "/".join((self.top.rstrip("/"), *self.trail, name))

    def keep(self) -> None:
        """Say that something in the directory where the walk stands stays."""
        self._levels[-1].kept = True

    def _meet(self, name: str) -> Node | None:
        """The node ``name``, or None: it has vanished, or it is a directory that was just entered."""
        if self._mounts and self._is_mount_point(name):
            # Not looked at: a user's FUSE refuses root, a server that is gone answers nobody.
            return self._node(name, self._levels[-1].info, mounted=True)
        try:
            for _ in range(_TRIES):
                info = os.stat(name, dir_fd=self._fd, follow_symlinks=False)
                if not stat.S_ISDIR(info.st_mode):
                    return self._node(name, info)
                below = self._opened(name)
                if below is not None:
                    return None if self._enter(name, below) else self._node(name, info, mounted=True)
        except FileNotFoundError:
            return None
        except OSError as error:
            why = GuestError(self.path_of(name), error.strerror or str(error))
            if self._closed is None:
                raise why from error
            self._closed(why)
            return None
        raise Changed(self.path_of(name), "swapped again and again; end what does it and run the command again")

    def _node(self, name: str, info: os.stat_result, *, mounted: bool = False) -> Node:
        kept = mounted or is_device(info)
        self._levels[-1].kept |= kept
        return Node(self._fd, name, info, kept, mounted, self)

    def _is_mount_point(self, name: str) -> bool:
        path = self.path_of(name)
        if path not in self._mounts:
            return False
        self.tree.pass_over(self._mounts[path].error(path))
        return True

    def _opened(self, name: str) -> int | None:
        """A descriptor of the directory ``name``; None: it is no directory any more."""
        try:
            return os.open(name, ENTER, dir_fd=self._fd)
        except OSError as error:
            if error.errno in (errno.ENOTDIR, errno.ELOOP):
                return None
            raise

    def _enter(self, name: str, below: int) -> bool:
        """Go into the directory ``name`` that ``below`` was opened for; False: it is a mount."""
        try:
            mount = mount_id(below)
            foreign = self.tree.mounts.foreign_mount(mount)
            if foreign is not None:
                self.tree.pass_over(foreign.error(self.path_of(name)))
                return False
            self._levels.append(_Level(below, name, mount))
            # In this order: Python 3.9 can be interrupted after the attribute is set, and both would be closed.
            below, self._fd = self._fd, below
        finally:
            os.close(below)
        self.trail.append(name)
        return True

    def _leave(self) -> Node | None:
        level = self._levels.pop()
        if not self._levels:
            return None
        with reporting(self.top):
            above = os.open("..", ENTER, dir_fd=self._fd)
        left, self._fd = self._fd, above
        os.close(left)
        if not self._levels[-1].is_at(above):
            raise Changed(self.top, "a directory below it was moved while it was walked; run the command again")
        self.trail.pop()
        kept = level.kept or level.mount != self._levels[-1].mount
        self._levels[-1].kept |= kept
        return Node(above, level.name, level.info, kept, False, self)


def listing(fd: int) -> Iterator[str]:
    """The names in the open directory ``fd``: sorted, unless there are more than SORTED_UP_TO.

    All are read before the first one is given, so that removing them changes nothing.
    """
    with os.scandir(fd) as entries:
        first = [entry.name for entry in islice(entries, SORTED_UP_TO)]
        rest = bytearray()
        for entry in entries:
            rest += os.fsencode(entry.name) + b"\0"
    first.sort()
    return _names(first, rest)


def _names(first: list[str], rest: bytearray) -> Iterator[str]:
    yield from first
    start = 0
    while start < len(rest):
        end = rest.index(0, start)
        yield os.fsdecode(bytes(rest[start:end]))
        start = end + 1
