"""A seal of a dirtied Debian tree beside one walk over it with find, and how a seal's time and memory grow."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.measure import guestseal, median, once, show
from support.debian import base, dirty, run, view

UNRELATED = 100_000
MEMORY = "/dev/shm"
MATCHED = (100, 10_000, 1_000_000)
BESIDE = (10_000, 1_000_000)
"""Files in memory, so that no disk is measured; a million need as many inodes there."""


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
        _crowd(crowded / "srv", UNRELATED)
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


def growth() -> None:
    """Print how time and memory grow with the files that match, and with those that do not."""
    rows = []
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="guestseal-bench-") as directory:
        for matched, unrelated in ((0, 0), *((count, 0) for count in MATCHED), *((0, count) for count in BESIDE)):
            tree = Path(directory) / f"{matched}-{unrelated}"
            for name, words in (
                ("guestseal seal", lambda tree: guestseal("--root", tree, "seal", "--yes")),
                ("find -delete", lambda tree: ["find", tree / "var/lib/dhclient", "-type", "f", "-delete"]),
                ("find -print", lambda tree: ["find", tree, "-xdev"]),
            ):
                _small_guest(tree, matched, unrelated)
                rows.append((f"{name}: {matched} matched, {unrelated} unrelated", once(words(tree))))
                shutil.rmtree(tree)
    show("Growth of a seal", rows)


def _small_guest(tree: Path, matched: int, unrelated: int) -> None:
    for name, content in (("etc/os-release", "ID=rocky\n"), ("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(content)
    leases = tree / "var/lib/dhclient"
    leases.mkdir(parents=True)
    for number in range(matched):
        os.mknod(leases / f"dhclient-{number:07}.lease")
    _crowd(tree / "srv", unrelated)


def _crowd(directory: Path, count: int) -> None:
    for part in range(100):
        below = directory / f"{part:03}"
        below.mkdir(parents=True)
        for number in range(count // 100):
            os.mknod(below / f"{number:05}")
