r"""Patterns of paths: what operations name.

``*``, ``?`` and ``[...]`` match within one name and, unlike a shell's, match names
that begin with a dot: a hidden copy is still a copy. ``**`` as a component of its
own stands for any number of directories, none included; a pattern that holds it
matches everything but directories. Links are followed in the literal part before the
first wildcard only (by the tree's rule for links), and a match is given by its path
without links. A dangling or looping link on the way matches nothing.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from functools import lru_cache
from re import Pattern

from guestseal.errors import NotEntered, Unsafe
from guestseal.guest.traversal import Traversal, listing
from guestseal.guest.tree import Tree, reporting

CANARIES = ".guestseal-canaries"
"""A directory of guestseal's own, in which a scrub proves itself: ``**`` does not match what is in it."""

_MAGIC = re.compile(r"[*?\[]")


def expand(tree: Tree, pattern: str) -> Iterator[str]:
    """The paths in ``tree`` that ``pattern`` matches, sorted within each directory.

    What lies behind a mount or a link that the tree does not enter or follow, and such
    a mount itself, is passed over and noted in ``tree.passed_over``, unless it is on a
    tmpfs: one user's home that cannot be entered keeps nobody else's from being matched.
    """
    try:
        start, components = _located(tree, pattern)
    except (NotEntered, Unsafe) as error:
        tree.pass_over(error)
        return
    if start is not None:
        yield from _expand(tree, start, list(components))


def quote(text: str) -> str:
    """A pattern that matches ``text`` alone: for names that users chose."""
    return _MAGIC.sub(r"[\g<0>]", text)


def components_of(pattern: str) -> tuple[str, ...]:
    """The names in a pattern, from the root on."""
    return tuple(name for name in pattern.split("/") if name)


def is_pattern(text: str) -> bool:
    """Whether ``text`` can be used as one: a set of characters in it may be empty, or run backwards."""
    try:
        fits(text, "/")
    except re.error:
        return False
    return True


def is_literal(name: str) -> bool:
    """Whether one component of a pattern stands for itself alone."""
    return _MAGIC.search(name) is None


def fits(pattern: str, path: str) -> bool:
    """Whether a path has the form of a pattern, whatever there is in any tree."""
    components = components_of(pattern)
    return bool(components) and _relative(components).fullmatch(path.lstrip("/")) is not None


class Earlier:
    """Patterns that were expanded before, and whether they matched a path: without keeping any path in memory."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._pending: list[str] = []
        self._starts: dict[str, list[tuple[str, ...]]] = {}

    def add(self, pattern: str) -> None:
        """From now on ``pattern`` is one of them."""
        self._pending.append(pattern)

    def matched(self, path: str) -> bool:
        """Whether one of them matches ``path``, which another pattern matched."""
        if self._pending:
            self._locate()
        start = path
        while start and self._starts:
            start = start.rpartition("/")[0]
            if any(self._fits(components, start, path) for components in self._starts.get(start or "/", ())):
                return True
        return False

    def _locate(self) -> None:
        # Only when it is asked for: most operations' patterns match nothing in most guests.
        for pattern in self._pending:
            try:
                start, components = _located(self._tree, pattern)
            except (NotEntered, Unsafe):
                continue  # expand has noted it
            if start is not None and components:
                self._starts.setdefault(start, []).append(components)
        self._pending.clear()

    def _fits(self, components: tuple[str, ...], start: str, path: str) -> bool:
        below = path[len(start) + 1 :]
        if not _relative(components).fullmatch(below):
            return False
        if "**" not in components:
            return True
        # As _below does.
        walked = below.split("/", components.index("**"))[-1]
        info = self._tree.lstat(path)
        return not walked.startswith(f"{CANARIES}/") and (info is None or not stat.S_ISDIR(info.st_mode))


def _located(tree: Tree, pattern: str) -> tuple[str | None, tuple[str, ...]]:
    """Where the literal part of ``pattern`` leads to (None: nowhere), and the components after it."""
    components = components_of(pattern)
    literal = next((n for n, name in enumerate(components) if _MAGIC.search(name)), len(components) - 1)
    literal = max(literal, 0)
    return tree.resolve("/" + "/".join(components[:literal])), components[literal:]


def _expand(tree: Tree, directory: str, components: list[str]) -> Iterator[str]:
    """The matches below ``directory``; what is not entered on the way ends this branch alone."""
    try:
        if not components:
            yield from _match(tree, directory)
        elif components[0] == "**":
            yield from _below(tree, directory, components)
        elif _MAGIC.search(components[0]):
            yield from _wild(tree, directory, components[0], components[1:])
        else:
            path = _join(directory, components[0])
            _require_own(tree, path)
            info = tree.lstat(path)
            if info is not None and (len(components) == 1 or stat.S_ISDIR(info.st_mode)):
                yield from _expand(tree, path, components[1:])
    except (NotEntered, Unsafe) as error:
        tree.pass_over(error)


def _match(tree: Tree, path: str) -> Iterator[str]:
    _require_own(tree, path)
    yield path


def _require_own(tree: Tree, path: str) -> None:
    """Raise NotEntered for a mount point that is not the guest's, by its name: it may not even be looked at."""
    foreign = tree.mounts.foreign_point(path)
    if foreign is not None:
        raise foreign.error(path)


def _wild(tree: Tree, directory: str, name: str, rest: list[str]) -> Iterator[str]:
    wanted = re.compile(_translate(name), re.DOTALL)
    with tree.entered(directory, follow=False) as fd:
        if fd is None:
            return
        with reporting(directory):
            names = listing(fd)
        for found in names:
            if wanted.fullmatch(found) and (not rest or _is_directory(tree, directory, fd, found)):
                yield from _expand(tree, _join(directory, found), rest)


def _below(tree: Tree, directory: str, components: list[str]) -> Iterator[str]:
    wanted = _relative(tuple(components))
    for node in Traversal(tree, directory):
        if node.is_dir or node.mounted or node.relative.startswith(f"{CANARIES}/"):
            continue
        if wanted.fullmatch(node.relative):
            yield node.path


@lru_cache(maxsize=1024)
def _relative(components: tuple[str, ...]) -> Pattern[str]:
    """A regular expression for the paths below a directory that the components match."""
    *before, last = components
    directories = "".join("(?:[^/]+/)*" if name == "**" else _translate(name) + "/" for name in before)
    return re.compile(directories + ("(?:[^/]+/)*[^/]+" if last == "**" else _translate(last)), re.DOTALL)


def _translate(name: str) -> str:
    """One component as a regular expression that never matches a slash."""
    return "".join(map(_translate_token, re.findall(r"\*+|\?|\[[!^]?\]?[^]]*\]|.", name, re.DOTALL)))


def _translate_token(token: str) -> str:
    if token[0] == "*":
        return "[^/]*"
    if token == "?":
        return "[^/]"
    if len(token) == 1:
        return re.escape(token)
    negated = token[1] in "!^"
    members = re.sub(r"[^\w-]", r"\\\g<0>", token[2 if negated else 1 : -1])
    return f"(?!/)[{'^' if negated else ''}{members}]"


def _is_directory(tree: Tree, directory: str, parent: int, name: str) -> bool:
    """Whether it may be one; a mount point that is not the guest's is told when it is entered."""
    path = _join(directory, name)
    if tree.mounts.foreign_point(path) is not None:
        return True
    with reporting(path):
        try:
            return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
        except FileNotFoundError:
            return False


def _join(directory: str, name: str) -> str:
    return f"{directory.rstrip('/')}/{name}"
