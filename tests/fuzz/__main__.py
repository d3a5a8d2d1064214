"""Fuzz every parser of foreign bytes, guided by coverage, for a time: ``python -m tests.fuzz SECONDS [TARGET…]``.

Needs atheris (PyPI). Each target gets an equal part of the time, in a process of its own;
what was found is printed and kept in the current directory, as libFuzzer does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
JOBS = max(1, (os.cpu_count() or 1) - 1)


def main(arguments: list[str]) -> int:
    """Run the targets beside each other as far as there are processors to spare; 1 when any of them failed."""
    seconds, names = int(arguments[0]), arguments[1:]
    sys.path[:0] = [str(PROJECT), str(PROJECT / "tests")]
    if names[:1] == ["--one"]:
        return _one(names[1], seconds)
    from fuzz.targets import TARGETS

    waiting = names or list(TARGETS)
    each = max(1, seconds * JOBS // len(waiting))
    running: list[tuple[str, subprocess.Popen[bytes], Path]] = []
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        while waiting or running:
            while waiting and len(running) < JOBS:
                name = waiting.pop(0)
                log = Path(scratch) / f"{len(waiting)}.log"
                with log.open("wb") as file:
                    words = [sys.executable, __file__, str(each), "--one", name]
                    running.append((name, subprocess.Popen(words, stdout=file, stderr=file), log))
            time.sleep(0.2)
            for entry in [entry for entry in running if entry[1].poll() is not None]:
                running.remove(entry)
                failed += _tell(*entry)
    return int(failed > 0)


def _tell(name: str, process: subprocess.Popen[bytes], log: Path) -> int:
    lines = log.read_text(errors="replace").splitlines()
    if process.returncode == 0:
        print(f"{name:24} {next((line for line in reversed(lines) if line.startswith('Done')), '')}", flush=True)
        return 0
    print(f"{name:24} FAILED", *lines[-40:], sep="\n", flush=True)
    return 1


def _one(name: str, seconds: int) -> int:
    import atheris

    with atheris.instrument_imports(include=["guestseal"]):
        from fuzz.targets import TARGETS
    target = TARGETS[name]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(target.seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        words = [sys.argv[0], corpus, f"-max_total_time={seconds}", "-max_len=4096", "-timeout=20", "-verbosity=1"]
        atheris.Setup(words, target.run)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
