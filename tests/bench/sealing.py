"""A seal of a dirtied Debian tree beside one walk over it with find."""

from __future__ import annotations

import itertools
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.measure import guestseal, median, show
from support.debian import base, dirty, run, view

UNRELATED = 100_000


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory, ExitStack() as stack:
        numbers = itertools.count()
        scratch = Path(directory)

        def fresh(lower: Path) -> Path:
            tree = stack.enter_context(view(lower, scratch / str(next(numbers))))
            dirty(tree)
            return tree

        plain = base()
        crowded = scratch / "crowded"
        run("cp", "-a", "--reflink=auto", plain, crowded)
        _crowd(crowded / "srv")
        once_more = fresh(plain)
        median(lambda: guestseal("--root", once_more, "seal", "--yes"), runs=1)
        rows = [
            ("find TREE -xdev", median(lambda: ["find", plain, "-xdev"])),
            (
                "guestseal seal --root TREE (dirtied)",
                median(lambda: guestseal("--root", fresh(plain), "seal", "--yes")),
            ),
            ("guestseal seal again: nothing to do", median(lambda: guestseal("--root", once_more, "seal", "--yes"))),
            ("guestseal check", median(lambda: guestseal("--root", once_more, "check"))),
            (f"find, with {UNRELATED} unrelated files more", median(lambda: ["find", crowded, "-xdev"])),
            ("guestseal seal there", median(lambda: guestseal("--root", fresh(crowded), "seal", "--yes"))),
            ("python3 -c pass", median(lambda: ["/usr/bin/python3", "-c", "pass"])),
        ]
    show("Sealing", rows)


def _crowd(directory: Path) -> None:
    for part in range(100):
        below = directory / f"{part:03}"
        below.mkdir(parents=True)
        for number in range(UNRELATED // 100):
            (below / f"{number:04}").touch()
