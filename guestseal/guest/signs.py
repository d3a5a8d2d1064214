"""Signs: paths that tell of something which is reported and left alone.

An operation that only warns is a list of them. Nothing of what a file holds ever becomes
part of a finding: its content decides whether there is one, and no more.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Callable

from guestseal.guest.facts import Guest
from guestseal.guest.patterns import quote
from guestseal.guest.tree import Tree
from guestseal.report import Finding

LIMIT = 1 << 18
"""Configuration files are smaller; of a larger one the content is not looked at."""


@dataclass(frozen=True)
class Sign:
    """Patterns of guestseal.guest.patterns, ``{home}`` included, and what to say of a path that matches one.

    ``holds``: a regular expression (of bytes, ``^`` and ``$`` for lines) for the content of
    regular files; without it every match counts that is no empty file. Links do not count:
    what one leads to is reported where it is.
    """

    patterns: tuple[str, ...]
    what: str
    remedy: str
    holds: bytes = b""


def signs(*wanted: Sign) -> Callable[[Guest], Iterator[Finding]]:
    """What an operation gives as ``findings``: each path once for each sign, in the order of the patterns."""

    def findings(guest: Guest) -> Iterator[Finding]:
        for sign in wanted:
            for path in dict.fromkeys(_matches(guest, sign.patterns)):
                if _counts(guest.tree, sign, path):
                    yield Finding(path, sign.what, sign.remedy)

    return findings


def _matches(guest: Guest, patterns: tuple[str, ...]) -> Iterator[str]:
    for pattern in patterns:
        if pattern.startswith("{home}"):
            for home in guest.homes:
                yield from guest.tree.glob(quote(home) + pattern[len("{home}") :])
        else:
            yield from guest.tree.glob(pattern)


def _counts(tree: Tree, sign: Sign, path: str) -> bool:
    info = tree.lstat(path)
    if info is None or stat.S_ISDIR(info.st_mode):
        return info is not None and not sign.holds
    if not stat.S_ISREG(info.st_mode) or not info.st_size:
        return False
    if not sign.holds:
        return True
    return info.st_size <= LIMIT and re.search(sign.holds, tree.read(path) or b"", re.MULTILINE) is not None
