"""Seal the planted trees and say of each marker and each decoy what became of it.

In tests/, as root: PYTHONPATH=..:. python3 -m support.harvested [--operations public-image]
prints a table by section, and everything that is not as the catalogue wants it.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from planted.distributions import SOILS, Soil
from planted.exceptions import EVERY, Instead
from planted.seed import Fate
from support.planted import Field, Plant, content_of
from support.trees import Dir, Entry, Fifo, File, Link

PROJECT = Path(__file__).resolve().parents[2]
SECONDS = 600
"""How long one command may take."""

_NUMBER = re.compile(rb"(?i)(?:MARK|5eed)(\d{4})")
_WANTED = {
    Fate.GONE: ("removed", "emptied"),
    Fate.TOLD: ("reported",),
    Fate.ASKED: ("opt-in", "reported"),
    Fate.KEPT: ("identical",),
}


class Sealed:
    """What `guestseal seal` with ``words`` made of a field, and what its plan and `check` say of the rest."""

    def __init__(self, field: Field, *words: str) -> None:
        self._field = field
        root = str(field.root)
        every = guestseal("seal", "-n", "--operations", "all", root=root)
        self._on_request = {
            path for entry in every for path in (*entry["paths"], *(found["path"] for found in entry["findings"]))
        }
        plan = guestseal("seal", "-n", *words, root=root)
        self.report = guestseal("seal", "--yes", *words, root=root)
        checked = guestseal("check", "--only", "leftovers", *words, root=root)
        told = [*plan, *self.report, *checked]
        self._found = {found["path"] for entry in told for found in entry["findings"]}
        self._kept = {path: entry["detail"] for entry in told if entry["status"] == "kept" for path in entry["paths"]}
        self._left = _left(field.root)
        for plant in field.plants:
            plant.outcome = self._of_decoy(plant) if plant.seed.fate is Fate.KEPT else self._of_marker(plant)

    @property
    def failed(self) -> list[str]:
        """The operations that failed, each with its reason."""
        return [f"{entry['name']}: {entry['detail']}" for entry in self.report if entry["status"] == "failed"]

    def _of_marker(self, plant: Plant) -> str:
        places = self._places(plant)
        if not places:
            return "removed" if _lstat(self._field.root, plant.path) is None else "emptied"
        if all(self._told(path) for path in places):
            return "reported"
        reason = next((self._kept[path] for path in places if path in self._kept), None)
        if reason is not None:
            return str(reason)
        return "opt-in" if any(path in self._on_request for path in places) else "MISSED"

    def _places(self, plant: Plant) -> set[str]:
        """Where its marker is still to be seen."""
        if not plant.bare and not plant.shared:
            return self._left.get(plant.number, set())
        if _lstat(self._field.root, plant.path) is None:
            return set()
        there = plant.bare or plant.shared in Path(f"{self._field.root}{plant.path}").read_bytes()
        return {plant.path} if there else set()

    def _told(self, path: str) -> bool:
        """Whether a finding names the path, or what it lies in, or what lies in it."""
        return any(f"{path}/".startswith(f"{found}/") or found.startswith(f"{path}/") for found in self._found)

    def _of_decoy(self, plant: Plant) -> str:
        info, entry = _lstat(self._field.root, plant.path), self._field.tree[plant.path]
        if info is None:
            return "DAMAGED: it is gone"
        assert isinstance(entry, (Dir, Fifo, File, Link))
        if not isinstance(entry, Link) and stat.S_IMODE(info.st_mode) != entry.mode:
            return f"DAMAGED: mode {stat.S_IMODE(info.st_mode):o}"
        if (info.st_uid, info.st_gid) != entry.owner:
            return f"DAMAGED: owner {info.st_uid}:{info.st_gid}"
        return "identical" if self._same(plant, entry, info) else "DAMAGED: it has changed"

    def _same(self, plant: Plant, entry: Entry, info: os.stat_result) -> bool:
        place = f"{self._field.root}{plant.path}"
        if isinstance(entry, Link):
            return stat.S_ISLNK(info.st_mode) and os.readlink(place) == entry.target
        if not isinstance(entry, File):
            return stat.S_ISDIR(info.st_mode) if isinstance(entry, Dir) else stat.S_ISFIFO(info.st_mode)
        sown = plant.seed.place.entry
        assert isinstance(sown, File)
        content = Path(place).read_bytes()
        stays = content_of(sown).count(b"STAY")
        return content.count(b"STAY%04d" % plant.number) == stays if stays else content == content_of(entry)


def guestseal(command: str, *words: str, root: str) -> list[dict[str, Any]]:
    """The entries of the report of a command on the guest in ``root``."""
    line = (sys.executable, "-m", "guestseal", command, "--root", root, "--format", "json", *words)
    done = subprocess.run(line, cwd=PROJECT, capture_output=True, timeout=SECONDS, check=False)
    try:
        entries: list[dict[str, Any]] = json.loads(done.stdout)["entries"]
    except (ValueError, KeyError):
        raise AssertionError(done.stdout.decode() + done.stderr.decode()) from None
    return entries


def grown(soil: Soil, root: Path, *words: str) -> tuple[Field, Sealed]:
    """A tree planted below ``root``, sealed and judged."""
    field = Field(soil, root)
    field.sow()
    return field, Sealed(field, *words)


def as_wanted(plant: Plant, letter: str, *, public: bool) -> bool:
    """Whether what became of it is what the catalogue wants, or one of the exceptions.

    In a public image a marker may always be gone.
    """
    fate = plant.seed.fate
    if plant.outcome in _WANTED[fate] or (public and fate is not Fate.KEPT and plant.outcome in _WANTED[Fate.GONE]):
        return True
    return any(plant.outcome.startswith(each.outcome) for each in exceptions_for(plant, letter))


def exceptions_for(plant: Plant, letter: str) -> list[Instead]:
    """The exceptions that speak of its place."""
    return [each for each in EVERY if each.covers(plant.seed.row, plant.seed.place.path, letter)]


def told(plant: Plant, letter: str) -> str:
    """One line about it."""
    wanted = plant.seed.fate.value
    return f"{letter} {plant.section} {plant.seed.row}: {plant.path!r}: {plant.outcome} (wanted: {wanted})"


def table(plants: Iterable[Plant]) -> str:
    """What became of everything, by section."""
    every = list(plants)
    columns = ("removed", "emptied", "reported", "kept", "opt-in", "MISSED")
    lines = ["section  rows  markers " + " ".join(f"{word.lower():>8}" for word in columns) + "   decoys  damaged"]
    for section in (*sorted({plant.section for plant in every}), "all"):
        of = [plant for plant in every if section in (plant.section, "all")]
        markers = [plant for plant in of if plant.seed.fate is not Fate.KEPT]
        counts = [sum(plant.outcome.startswith(word) for plant in markers) for word in columns]
        damaged = sum(plant.outcome.startswith("DAMAGED") for plant in of)
        rows = len({plant.seed.row for plant in of})
        numbers = " ".join(f"{count:8}" for count in counts)
        lines.append(f"{section:7} {rows:5} {len(markers):8} {numbers} {len(of) - len(markers):8} {damaged:8}")
    return "\n".join(lines)


def _lstat(root: Path, path: str) -> os.stat_result | None:
    try:
        return os.lstat(f"{root}{path}")
    except (FileNotFoundError, NotADirectoryError):
        return None


def _left(root: Path) -> dict[int, set[str]]:
    """Where each number is still to be seen: in a name, in a link's target, in a file."""
    found: dict[int, set[str]] = {}
    for path, content in _everything(root):
        for number in _NUMBER.findall(content):
            found.setdefault(int(number), set()).add(path)
    return found


def _everything(root: Path) -> Iterator[tuple[str, bytes]]:
    """Each path with all in it that can hold a marker, its own name included."""
    for directory, directories, files in os.walk(root):
        for name in (*directories, *files):
            place = f"{directory}/{name}"
            mode = os.lstat(place).st_mode
            content = os.fsencode(name)
            if stat.S_ISREG(mode):
                content += b"\n" + Path(place).read_bytes()
            elif stat.S_ISLNK(mode):
                content += b"\n" + os.fsencode(os.readlink(place))
            yield place[len(str(root)) :], content


def _main(words: list[str]) -> None:
    plants: list[Plant] = []
    with tempfile.TemporaryDirectory(prefix="guestseal-planted-") as place:
        for soil in SOILS:
            field, sealed = grown(soil, Path(place) / soil.letter, *words)
            plants += field.plants
            odd = [
                told(plant, soil.letter)
                for plant in field.plants
                if not as_wanted(plant, soil.letter, public=bool(words))
            ]
            sys.stdout.writelines(f"{line}\n" for line in (*sealed.failed, *odd))
    sys.stdout.write(table(plants) + "\n")


if __name__ == "__main__":
    _main(sys.argv[1:])
