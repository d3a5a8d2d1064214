"""Configuration files as text that goes back byte for byte: read for a look, changed by one Edit."""

from __future__ import annotations

import stat
from collections.abc import Iterator

from guestseal.guest.actions import Edit
from guestseal.guest.tree import Tree


def texts(tree: Tree, *patterns: str) -> Iterator[tuple[str, str]]:
    """The regular files that the patterns match, each once, with their text; links are nobody's own file."""
    seen: set[str] = set()
    for pattern in patterns:
        for path in tree.glob(pattern):
            info = tree.lstat(path)
            if path not in seen and info is not None and stat.S_ISREG(info.st_mode):
                seen.add(path)
                yield path, (tree.read(path) or b"").decode("utf-8", "surrogateescape")


def edits(path: str, before: str, after: str, summary: str) -> Iterator[Edit]:
    """The one edit that makes ``before`` ``after``; none where they are the same."""
    if before != after:
        old, new = (text.encode("utf-8", "surrogateescape") for text in (before, after))
        yield Edit(path, old, new, summary)
