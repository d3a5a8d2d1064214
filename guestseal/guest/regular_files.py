"""Regular files by pattern: what operations look into before they say anything about it."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator

from guestseal.errors import TooLarge
from guestseal.guest.tree import Tree

LOOKED_INTO = 1 << 16
"""Bytes: what holds a setting or a key is smaller."""


def regular_files(tree: Tree, patterns: Iterable[str]) -> Iterator[str]:
    """The regular files that the patterns match and that hold something, each once; links are not followed."""
    seen: set[str] = set()
    for pattern in patterns:
        for path in tree.glob(pattern):
            if path not in seen and holds_something(tree, path):
                seen.add(path)
                yield path


def holds_something(tree: Tree, path: str) -> bool:
    """Whether there is a regular file, no link, that is not empty."""
    info = tree.lstat(path)
    return info is not None and stat.S_ISREG(info.st_mode) and info.st_size > 0


def says(tree: Tree, path: str, wanted: re.Pattern[bytes]) -> bool:
    """Whether ``wanted`` is found in the regular file ``path``; False for one of more than 64 KiB.

    Raises GuestError when it cannot be read.
    """
    try:
        content = tree.read(path, limit=LOOKED_INTO)
    except TooLarge:
        return False
    return content is not None and wanted.search(content) is not None
