"""The search for what is left of a machine, beside grep for the same words over the same files.

As a program, it is the search alone: the tree is its argument.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.measure import PYTHON, Sample, Words, median, show
from support.debian import base, run
from support.residue import ADDRESS, IDENTITY, MAC, SUMMARY, Extent, found, searched

from guestseal.check.residue.detectors import NEEDLES
from guestseal.check.residue.spellings import needles

COPIES = 4
"""Of a Debian's /usr: about 1 GB in 50 000 files."""
SHORTEST = 4
"""Bytes of a word that grep is given: of shorter ones there are some in every file."""


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        tree, words = Path(directory) / "tree", Path(directory) / "words"
        (tree / "srv").mkdir(parents=True)
        for number in range(COPIES):
            run("cp", "-a", "--reflink=auto", base() / "usr", tree / f"srv/{number}")
        (tree / "srv/app.conf").write_text(f"listen {ADDRESS}\nlladdr {MAC}\n")
        words.write_bytes(b"\n".join(_words()) + b"\n")
        # Not to /dev/null, where grep would end with the first line.
        grep: Words = ["sh", "-c", f"LC_ALL=C exec grep -rF -f {words} {tree} > {directory}/lines"]
        rows = [
            (f"grep -rF -f WORDS ({len(_words())} words)", median(lambda: grep)),
            ("guestseal's search, in the same files", median(lambda: [PYTHON, Path(__file__), tree])),
            ("python3 -c pass", median(lambda: [PYTHON, "-c", "pass"])),
        ]
        show(f"Search for what is left: {_size(tree)}", rows)
    _ratio(rows[0][1], rows[1][1])


def _words() -> list[bytes]:
    """The spellings of the identity, and what secrets begin with."""
    every = [needle for each in IDENTITY.values for needle in needles(each.kind, each.value)]
    words = {anchor for needle in (*every, *NEEDLES) if needle.sieve is not None for anchor in needle.anchors}
    return sorted(word for word in words if len(word) >= SHORTEST and b"\n" not in word and b"\0" not in word)


def _size(tree: Path) -> str:
    entries = searched(tree, extent=Extent(directories=("/srv",)))
    assert {("ip-address", "/srv/app.conf"), ("mac-address", "/srv/app.conf")} <= found(entries)
    return entries[SUMMARY].detail.partition(";")[0]


def _ratio(grep: Sample, search: Sample) -> None:
    print(
        f"  {search.wall / grep.wall:.2f} times grep's time on the wall, {search.cpu / grep.cpu:.2f} times its CPU time"
    )


if __name__ == "__main__":
    searched(Path(sys.argv[1]), extent=Extent(directories=("/srv",)))
