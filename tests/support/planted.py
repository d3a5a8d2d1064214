"""Trees planted from the catalogue: every place of it holds a marker of its own, and decoys stand beside them.

tests/planted says what is sown where; this makes the tree. What becomes of it: support.harvested.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from planted import (
    accounts,
    agents,
    clouds,
    homes,
    identity,
    keys,
    logs,
    network,
    packages,
    registration,
    spools,
    ssh,
    storage,
)
from planted.distributions import Soil
from planted.seed import Seed, in_tree
from support.trees import Entry, File, Link, build, whole

SECTIONS = (
    *(identity, ssh, network, storage, accounts, homes, keys, packages),
    *(registration, agents, clouds, logs, spools),
)
SHARED = {b"NAME": b"golden5eed", b"MAC": b"52:54:00:5e:ed:01"}
"""The template's name and its card's address: the same marker wherever they are."""

_WORDS = re.compile(rb"MARK|STAY|\bHEX|(?<![A-Z])UUID(?!=)|(?<![A-Z_])NAME(?!=)|(?<![A-Z])MAC(?![A-Z])")


@dataclass
class Plant:
    """One seed in its tree, and what became of it."""

    section: str
    seed: Seed
    path: str
    number: int
    """The one in its marker."""
    shared: bytes = b""
    """What SHARED has, where that is all the marker there is."""
    bare: bool = False
    """Whether there is no marker: it is left as long as its path is there."""
    outcome: str = ""


@dataclass
class Field:
    """One distribution's tree below ``root``, with what was planted in it."""

    soil: Soil
    root: Path
    plants: list[Plant] = field(default_factory=list)
    tree: dict[str, Entry] = field(default_factory=dict)

    def sow(self, extra: Mapping[str, Entry] | None = None) -> None:
        """Make the tree, with ``extra`` in it; markers are numbered in the order of the sections."""
        self.tree = self.soil.base
        for section in SECTIONS:
            for seed in in_tree(section.SEEDS, self.soil.letter, self.soil.homes):
                self._put(section.SECTION, seed)
        self.tree = whole({**self.tree, **(extra or {})})
        self.root.mkdir(parents=True)
        build(self.root, self.tree)

    def _put(self, section: str, seed: Seed) -> None:
        plant = Plant(section, seed, "", len(self.plants) + 1)
        marker = f"MARK{plant.number:04d}"
        plant.path = seed.place.path.replace("MARK", marker)
        entry = seed.place.entry
        plant.bare = "MARK" not in seed.place.path
        if isinstance(entry, File):
            words = set(_WORDS.findall(content_of(entry)))
            if plant.bare and not words - set(SHARED):
                plant.shared = next((SHARED[word] for word in words), b"")
            plant.bare = plant.bare and not words
            entry = self._joined(plant.path, File(_written(content_of(entry), plant.number), entry.mode, entry.owner))
        elif isinstance(entry, Link):
            plant.bare = plant.bare and "MARK" not in entry.target
            entry = Link(entry.target.replace("MARK", marker), entry.owner)
        self.tree[plant.path] = entry
        self.plants.append(plant)

    def _joined(self, path: str, entry: File) -> File:
        before = self.tree.get(path)
        if not isinstance(before, File):
            return entry
        return File(content_of(before) + content_of(entry), before.mode, before.owner)


def content_of(entry: File) -> bytes:
    """The bytes of a file."""
    assert isinstance(entry.content, bytes)
    return entry.content


def _written(content: bytes, number: int) -> bytes:
    """The content with this number's markers in the place of the words."""
    name = f"5eed{number:04d}" + hashlib.sha256(b"%d" % number).hexdigest()[:24]
    uuid = "-".join((name[:8], name[8:12], name[12:16], name[16:20], name[20:]))
    words = {
        b"MARK": b"MARK%04d" % number,
        b"STAY": b"STAY%04d" % number,
        b"HEX": name.encode(),
        b"UUID": uuid.encode(),
    }
    words.update(SHARED)
    return _WORDS.sub(lambda found: words[found[0]], content)
