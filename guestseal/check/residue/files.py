"""The files of a guest that are searched, and why others are not."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Callable

from guestseal.errors import GuestError, NotEntered, Unsafe
from guestseal.guest.mounts import within
from guestseal.guest.patterns import CANARIES
from guestseal.guest.traversal import Node, Traversal
from guestseal.guest.tree import LOOK, Tree

DIRECTORIES = ("/etc", "/var", "/root", "/home", "/boot", "/efi", "/usr/local", "/opt", "/srv")
"""Where a machine and its users write; the rest is the distribution's."""
LARGEST = 4 << 30
"""Bytes of a file that is searched: disk images of other machines are larger."""
PIECE = 1 << 20

_PACKED = (".gz", ".xz", ".bz2", ".zst", ".lz4", ".lzma", ".tgz", ".txz", ".zip", ".7z", ".rar", ".deb", ".rpm")
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK


@dataclass
class Tally:
    """What was searched, and what was not."""

    files: int = 0
    size: int = 0
    skipped: dict[str, str] = field(default_factory=dict)
    """Path → why it was not searched; the first ones of each reason."""
    counts: Counter[str] = field(default_factory=Counter)
    """Reason → how many."""

    def skip(self, path: str, why: str) -> None:
        """Count a file that was not searched."""
        reason = f"not searched, {why}"
        self.counts[reason] += 1
        if self.counts[reason] <= 10:
            self.skipped[path] = why


@dataclass(frozen=True)
class Item:
    """One thing met. ``fd`` is open until ``close``; None: only its name, and what it links to, are searched."""

    path: str
    target: str = ""
    """Of a symbolic link."""
    fd: int | None = None
    size: int = 0

    def pieces(self) -> Iterator[bytes]:
        """The content, from the beginning. Raises OSError."""
        at = 0
        while self.fd is not None:
            piece = os.pread(self.fd, PIECE, at)
            if not piece:
                return
            at += len(piece)
            yield piece

    def close(self) -> None:
        """Give the descriptor back."""
        if self.fd is not None:
            os.close(self.fd)


def items(
    tree: Tree, directories: Sequence[str], covered: Callable[[str], bool], tally: Tally, largest: int = LARGEST
) -> Iterator[Item]:
    """Everything below ``directories`` but what is ``covered``: no link is followed, no foreign mount entered.

    A directory that cannot be entered, or not be walked to its end, is counted as skipped.
    """

    def closed(error: GuestError) -> None:
        tally.skip(error.path, error.why)

    for top in _tops(tree, directories):
        try:
            for node in Traversal(tree, top, closed=closed):
                item = _item(node, covered, tally, largest)
                if item is not None:
                    yield item
        except GuestError as error:
            tally.skip(error.path, f"not looked at to the end: {error.why}")


def _tops(tree: Tree, directories: Sequence[str]) -> list[str]:
    """The directories that are there, without links, and without those that lie in another one."""
    found: dict[str, None] = {}
    for directory in directories:
        try:
            real = tree.resolve(directory)
        except (NotEntered, Unsafe) as error:
            tree.pass_over(error)
            continue
        if real is not None:
            found[real] = None
    return [path for path in found if not any(path != other and within(path, other) for other in found)]


def _item(node: Node, covered: Callable[[str], bool], tally: Tally, largest: int) -> Item | None:
    """The node as what is searched of it; None: nothing is."""
    path = node.path
    if node.mounted or covered(path) or f"/{CANARIES}/" in path:
        return None
    if stat.S_ISLNK(node.info.st_mode):
        return Item(path, _target(node))
    if not stat.S_ISREG(node.info.st_mode) or not node.info.st_size:
        return Item(path)
    if node.info.st_size > largest:
        tally.skip(path, f"larger than {largest >> 20} MiB")
        return Item(path)
    try:
        return _file(node, path, tally)
    except OSError as error:
        tally.skip(path, error.strerror or "not readable")
        return Item(path)


def _file(node: Node, path: str, tally: Tally) -> Item:
    fd = _opened(node)
    if fd is not None:
        tally.files += 1
        tally.size += node.info.st_size
        if path.endswith(_PACKED):
            tally.counts["compressed, and searched as they are"] += 1
    return Item(path, fd=fd, size=node.info.st_size)


def _target(node: Node) -> str:
    with suppress(OSError):  # it went away a moment ago
        return os.readlink(node.name, dir_fd=node.parent)
    return ""


def _opened(node: Node) -> int | None:
    """The regular file of a node, open for reading; None: it is none any more."""
    try:
        looked = os.open(node.name, LOOK, dir_fd=node.parent)
    except FileNotFoundError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(looked).st_mode):
            return None
        # The magic link opens exactly the inode that was looked at, whatever has taken its name since.
        return os.open(f"/proc/self/fd/{looked}", _READ)
    finally:
        os.close(looked)
