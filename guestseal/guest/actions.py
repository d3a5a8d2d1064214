"""Actions: one change to one path, as a value.

The set is closed. An action says what it would do (``describe``) and which paths
it would change or free (``footprint``), and the engine alone performs it. Content
is never part of its representation: it may hold a secret.
"""

from __future__ import annotations

import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field

from guestseal.errors import GuestError, printable
from guestseal.guest.accounts.account_lock import locked
from guestseal.guest.root import Root
from guestseal.guest.traversal import Traversal
from guestseal.guest.tree import Tree

ACCOUNT_FILES = frozenset(("/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow"))


@dataclass(frozen=True)
class Action(ABC):
    """One change to ``path``, an absolute path inside the guest."""

    path: str

    @abstractmethod
    def describe(self) -> str:
        """What it does, for people: one line that holds no content."""

    @abstractmethod
    def perform(self, root: Root) -> None:
        """Do it. Called by the engine only."""

    def footprint(self, tree: Tree) -> Iterator[tuple[str, int]]:
        """Every path it changes or removes, with the bytes of content that go with it."""
        yield self.path, 0


@dataclass(frozen=True)
class Remove(Action):
    """Remove what is there: a file, a link (never its target), or a directory with all in it."""

    secret: bool = False
    """Overwrite a regular file before it is unlinked."""

    def describe(self) -> str:
        return f"remove {printable(self.path)}"

    def perform(self, root: Root) -> None:
        if not root.remove(self.path, overwrite=self.secret) and root.lstat(self.path) is not None:
            raise GuestError(self.path, "not removed: it holds a device node or a mount; all else in it is gone")

    def footprint(self, tree: Tree) -> Iterator[tuple[str, int]]:
        info = tree.lstat(self.path)
        if info is not None and stat.S_ISDIR(info.st_mode):
            yield from _below(tree, self.path)
        yield self.path, _content(info)


@dataclass(frozen=True)
class Empty(Action):
    """Remove everything in a directory; the directory itself keeps owner, mode and label."""

    def describe(self) -> str:
        return f"empty {printable(self.path)}/"

    def perform(self, root: Root) -> None:
        root.empty(self.path)

    def footprint(self, tree: Tree) -> Iterator[tuple[str, int]]:
        return _below(tree, self.path)


@dataclass(frozen=True)
class Truncate(Action):
    """Make a file empty and keep the rest of it: owner, ACL, label, open descriptors."""

    mode: int | None = None
    secret: bool = False
    """Overwrite the content first."""

    def describe(self) -> str:
        return f"truncate {printable(self.path)}"

    def perform(self, root: Root) -> None:
        try:
            if self.secret:
                root.overwrite(self.path)
        finally:
            # A secret that cannot be overwritten is still better gone.
            root.truncate(self.path, mode=self.mode)

    def footprint(self, tree: Tree) -> Iterator[tuple[str, int]]:
        yield self.path, _content(tree.lstat(self.path))


@dataclass(frozen=True)
class Replace(Action):
    """Give a file this content, whatever it held, and make it when it is missing."""

    content: bytes = field(default=b"", repr=False)
    summary: str = ""
    mode: int | None = None

    def describe(self) -> str:
        return f"write {printable(self.path)}: {self.summary}"

    def perform(self, root: Root) -> None:
        root.replace(self.path, self.content, mode=self.mode)

    def footprint(self, tree: Tree) -> Iterator[tuple[str, int]]:
        for directory in tree.missing_parents(self.path):
            yield directory, 0
        yield self.path, 0


@dataclass(frozen=True)
class Edit(Action):
    """Change a part of a file: the rest of what the plan saw must still be there when it is performed."""

    before: bytes = field(default=b"", repr=False)
    after: bytes = field(default=b"", repr=False)
    summary: str = ""

    def describe(self) -> str:
        return f"edit {printable(self.path)}: {self.summary}"

    def perform(self, root: Root) -> None:
        if self.path not in ACCOUNT_FILES:
            root.replace(self.path, self.after, expected=self.before)
            return
        with locked(root):
            root.replace(self.path, self.after, expected=self.before)


@dataclass(frozen=True)
class SetMode(Action):
    """Give a file or directory these permission bits and this owner; its content stays."""

    mode: int = 0o644
    owner: tuple[int, int] = (0, 0)
    """User and group, by number."""

    def describe(self) -> str:
        user, group = self.owner
        return f"set mode {self.mode:04o} and owner {user}:{group} of {printable(self.path)}"

    def perform(self, root: Root) -> None:
        if self.path not in ACCOUNT_FILES:
            root.set_mode(self.path, self.mode, owner=self.owner)
            return
        with locked(root):
            root.set_mode(self.path, self.mode, owner=self.owner)


def _below(tree: Tree, path: str) -> Iterator[tuple[str, int]]:
    return ((node.path, _content(node.info)) for node in Traversal(tree, path) if not node.kept)


def _content(info: os.stat_result | None) -> int:
    return info.st_size if info is not None and stat.S_ISREG(info.st_mode) else 0
