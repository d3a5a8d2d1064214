"""Measuring whole commands: a program with all it starts, medians of several runs."""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Union

RUNS = 5
PROJECT = Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"
LAUNCHER = Path(__file__).with_name("launcher.py")
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(PROJECT), "LC_ALL": "C.UTF-8"}

Words = Sequence[Union[str, Path]]


@dataclass(frozen=True)
class Sample:
    """One run: seconds on the wall, seconds of CPU, and the peak memory of its largest process in MB."""

    wall: float
    cpu: float
    memory: float

    def __add__(self, other: Sample) -> Sample:
        """Both, one after the other."""
        return Sample(self.wall + other.wall, self.cpu + other.cpu, max(self.memory, other.memory))


NOTHING = Sample(0, 0, 0)


def once(words: Words) -> Sample:
    """Run a program once. Raises AssertionError with what it said when it fails."""
    reading, writing = os.pipe()
    with open(reading) as report, Path(os.devnull).open("r+b") as null:
        process = subprocess.Popen(
            [PYTHON, "-I", "-S", str(LAUNCHER), str(writing), *map(str, words)],
            env=ENVIRONMENT,
            stdin=null,
            stdout=null,
            stderr=subprocess.PIPE,
            pass_fds=(writing,),
        )
        os.close(writing)
        _, said = process.communicate()
        wall, cpu, kilobytes, status = report.read().split()
    assert status == "0", f"{words}: {status}: {said.decode(errors='replace')}"
    return Sample(float(wall), float(cpu), int(kilobytes) / 1024)


def in_turn(commands: Iterable[Words]) -> Sample:
    """Several programs, one after the other, as one."""
    return sum((once(words) for words in commands), NOTHING)


def median_of(sample: Callable[[], Sample], *, runs: int = RUNS) -> Sample:
    """The median of each figure over ``runs`` samples."""
    samples = [sample() for _ in range(runs)]
    return Sample(
        statistics.median(sample.wall for sample in samples),
        statistics.median(sample.cpu for sample in samples),
        statistics.median(sample.memory for sample in samples),
    )


def median(words: Callable[[], Words], *, runs: int = RUNS) -> Sample:
    """The median of one program's runs; ``words`` prepares each of them, untimed."""
    return median_of(lambda: once(words()), runs=runs)


def guestseal(*arguments: str | Path) -> list[str | Path]:
    """This checkout's command, with the distribution's Python."""
    return [PYTHON, "-m", "guestseal", *arguments]


def show(title: str, rows: Sequence[tuple[str, Sample]]) -> None:
    """One table."""
    print(f"\n{title}\n  {'':<58}{'wall ms':>9}{'CPU ms':>9}{'peak MB':>9}")
    for name, sample in rows:
        print(f"  {name:<58}{sample.wall * 1000:>9.1f}{sample.cpu * 1000:>9.1f}{sample.memory:>9.1f}", flush=True)
