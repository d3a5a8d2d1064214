r"""Patterns of paths: what operations name.

``*``, ``?`` and ``[...]`` match within one name and, unlike a shell's, match names
that begin with a dot: a hidden copy is still a copy. ``**`` as a component of its
own stands for any number of directories; a pattern that holds it matches everything
but directories. Links are followed in the literal part of a pattern only (by the
tree's rule for links) and never through a wildcard, and a match is given by its path
without links. A dangling or looping link on the way matches nothing.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from re import Pattern

from guestseal.errors import NotEntered, Unsafe, Volatile
from guestseal.guest.traversal import Traversal, listing
from guestseal.guest.tree import Tree

_MAGIC = re.compile(r"[*?\[]")


def expand(tree: Tree, pattern: str) -> Iterator[str]:
    """The paths in ``tree`` that ``pattern`` matches, sorted within each directory.

    What lies behind a mount or a link that the tree does not enter or follow is
    passed over and noted in ``tree.passed_over``, unless it is on a tmpfs.
    """
    components = [name for name in pattern.split("/") if name]
    literal = next((n for n, name in enumerate(components) if _MAGIC.search(name)), len(components) - 1)
    try:
        start = tree.resolve("/" + "/".join(components[:literal]))
        if start is not None:
            yield from _expand(tree, start, components[literal:])
    except Volatile:
        return
    except (NotEntered, Unsafe) as error:
        tree.passed_over[error.path] = error.why


def quote(text: str) -> str:
    """A pattern that matches ``text`` alone: for names that users chose."""
    return _MAGIC.sub(r"[\g<0>]", text)


def _expand(tree: Tree, directory: str, components: list[str]) -> Iterator[str]:
    name, rest = components[0], components[1:]
    if name == "**":
        yield from _below(tree, directory, rest)
    elif not _MAGIC.search(name):
        path = _join(directory, name)
        info = tree.lstat(path)
        if info is not None and (not rest or stat.S_ISDIR(info.st_mode)):
            yield from _expand(tree, path, rest) if rest else [path]
    else:
        wanted = re.compile(_translate(name), re.DOTALL)
        with tree.entered(directory) as fd:
            if fd is None:
                return
            for found in listing(fd):
                if not wanted.fullmatch(found):
                    continue
                if not rest:
                    yield _join(directory, found)
                elif _is_directory(fd, found):
                    yield from _expand(tree, _join(directory, found), rest)


def _below(tree: Tree, directory: str, rest: list[str]) -> Iterator[str]:
    wanted = _relative(rest)
    for node in Traversal(tree, directory):
        if not node.is_dir and wanted.fullmatch(node.relative):
            yield node.path


def _relative(components: list[str]) -> Pattern[str]:
    """A regular expression for what follows ``**``: any directories, then the components."""
    names = "/".join(_translate(name) for name in components if name != "**")
    return re.compile(rf"(?:[^/]*/)*{names or '[^/]*'}", re.DOTALL)


def _translate(name: str) -> str:
    """One component as a regular expression that never matches a slash."""
    parts = []
    for token in re.findall(r"\*+|\?|\[!?\]?[^]]*\]|.", name, re.DOTALL):
        if token[0] == "*":
            parts.append("[^/]*")
        elif token == "?":
            parts.append("[^/]")
        elif len(token) > 1:
            negated = token[1] == "!"
            members = token[2 if negated else 1 : -1].replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]")
            parts.append(f"[^/{members}]" if negated else f"[{members}]")
        else:
            parts.append(re.escape(token))
    return "".join(parts)


def _is_directory(parent: int, name: str) -> bool:
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def _join(directory: str, name: str) -> str:
    return f"{directory.rstrip('/')}/{name}"
