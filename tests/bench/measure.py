"""Measuring whole commands: wall-clock and CPU seconds of a program with all it starts, medians of several runs."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

RUNS = 5
PROJECT = Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"


@dataclass(frozen=True)
class Sample:
    """One run: seconds on the wall, and seconds of CPU."""

    wall: float
    cpu: float


def once(words: Sequence[str | Path]) -> Sample:
    """Run a program once. Raises AssertionError with what it said when it fails."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(PROJECT), "LC_ALL": "C.UTF-8"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    with Path(os.devnull).open("r+b") as null:
        process = subprocess.Popen(
            list(map(str, words)), env=environment, stdin=null, stdout=null, stderr=subprocess.PIPE
        )
        assert process.stderr is not None
        said = process.stderr.read()
        process.stderr.close()
        process.wait()
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert process.returncode == 0, f"{words}: {process.returncode}: {said.decode(errors='replace')}"
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Sample(wall, cpu)


def median(words: Callable[[], Sequence[str | Path]], *, runs: int = RUNS) -> Sample:
    """The median of each figure over ``runs`` runs; ``words`` prepares each of them, untimed."""
    samples = [once(words()) for _ in range(runs)]
    return Sample(
        statistics.median(sample.wall for sample in samples),
        statistics.median(sample.cpu for sample in samples),
    )


def guestseal(*arguments: str | Path) -> list[str | Path]:
    """This checkout's command, with the distribution's Python."""
    return [PYTHON, "-m", "guestseal", *arguments]


def show(title: str, rows: Sequence[tuple[str, Sample]]) -> None:
    """One table."""
    print(f"\n{title}\n  {'':<58}{'wall ms':>9}{'CPU ms':>9}")
    for name, sample in rows:
        print(f"  {name:<58}{sample.wall * 1000:>9.1f}{sample.cpu * 1000:>9.1f}")
