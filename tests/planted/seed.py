"""How a planted tree is written down: which file lies where, and what has to become of it.

A file's text may hold words that stand for a marker of its own, another one in every place:

MARK  a word, also in the path where the name is free      MARK0042
HEX   32 hexadecimal digits, like a machine-id             5eed0042…
UUID  the same with dashes                                 5eed0042-…
STAY  in a file that is edited: text that has to stay      STAY0042

Files of the same path are joined: the first says mode and owner.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from support.trees import ROOT, Dir, Entry, Fifo, File, Link

ALL = "DRSA"
"""The letters of the trees: Debian, RHEL, SUSE, Alpine; X is Arch, which has few places of its own."""


class Fate(Enum):
    """What the catalogue wants for a file."""

    GONE = "gone"
    """Nothing of the marker is left."""
    TOLD = "told"
    """It is left, and a finding names it."""
    ASKED = "asked"
    """Only an operation that is no default takes it, or it is told."""
    KEPT = "kept"
    """The file stays as it is, with owner and mode; of an edited one, the text with STAY in it."""


@dataclass(frozen=True)
class Place:
    """One path and what lies there; ``{home}`` stands for each home of the tree."""

    path: str
    entry: Entry
    on: str = ALL


@dataclass(frozen=True)
class Seed:
    """One place of a row of the catalogue, and its fate."""

    row: str
    fate: Fate
    place: Place


def at(
    path: str, content: str | bytes = "MARK\n", mode: int = 0o644, owner: tuple[int, int] = ROOT, on: str = ALL
) -> list[Place]:
    """A file, at every path that the braces of ``path`` make."""
    return [Place(each, File(content, mode, owner), on) for each in _alternatives(path)]


def link(path: str, target: str, on: str = ALL) -> list[Place]:
    """A symbolic link."""
    return [Place(each, Link(target), on) for each in _alternatives(path)]


def folder(path: str, mode: int = 0o755, owner: tuple[int, int] = ROOT, on: str = ALL) -> list[Place]:
    """A directory, for its owner and mode."""
    return [Place(each, Dir(mode, owner), on) for each in _alternatives(path)]


def fifo(path: str, mode: int = 0o600, owner: tuple[int, int] = ROOT, on: str = ALL) -> list[Place]:
    """A named pipe."""
    return [Place(each, Fifo(mode, owner), on) for each in _alternatives(path)]


def _sowing(fate: Fate) -> Callable[..., list[Seed]]:
    def sow(row: str, *places: list[Place]) -> list[Seed]:
        return [Seed(row, fate, place) for place in itertools.chain(*places)]

    return sow


gone, told, asked, kept = map(_sowing, (Fate.GONE, Fate.TOLD, Fate.ASKED, Fate.KEPT))


def in_tree(seeds: list[Seed], letter: str, homes: dict[str, tuple[int, int]]) -> Iterator[Seed]:
    """The seeds of one tree, with a place in every home for those of homes."""
    for seed in seeds:
        if letter not in seed.place.on:
            continue
        if "{home}" not in seed.place.path:
            yield seed
            continue
        for home, owner in homes.items():
            entry = seed.place.entry
            if not isinstance(entry, Link):
                entry = replace(entry, owner=owner)  # type: ignore[type-var]
            yield replace(seed, place=Place(seed.place.path.replace("{home}", home), entry, letter))


_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")


def _alternatives(path: str) -> list[str]:
    """What a shell makes of braces with commas."""
    found = _BRACES.search(path)
    if not found:
        return [path]
    return [
        full
        for each in found[1].split(",")
        for full in _alternatives(path[: found.start()] + each + path[found.end() :])
    ]
