"""``make test-matrix``: the unit tests with the Python and the libraries of every release that guestseal is for.

``python -m tests.matrix [RELEASE…] [-- PYTEST-ARGUMENT…]`` runs a part. The environments are kept in the tests'
cache. A release whose Python is not on this machine counts as failed, unless ALLOW_MISSING=1.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from matrix.releases import TABLE, Release, interpreter, releases
from matrix.suite import Unprepared, prepare, run
from support.debian import CACHE


def main(arguments: Sequence[str], *, table: Path = TABLE, cache: Path = CACHE / "matrix") -> int:
    """Print the table; 1 when anything failed, was not run, or nothing was. ``cache`` keeps environments and logs."""
    words = list(arguments)
    split = words.index("--") if "--" in words else len(words)
    wanted, tests = words[:split], words[split + 1 :]
    rows = releases(table.read_text())
    unknown = set(wanted) - {release.name for release in rows}
    if unknown:
        print(f"no such release: {' '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    rows = [release for release in rows if release.name in (wanted or [release.name])]
    cache.mkdir(parents=True, exist_ok=True)
    outcomes = [_row(release, tests, cache) for release in rows]
    heading = ["release", "python", *rows[0].libraries, "passed", "failed", "skipped", "seconds", "interpreter"]
    _print_table([heading, *(line for line, _ in outcomes)])
    return 0 if all(good for _, good in outcomes) and any(len(line) == len(heading) for line, _ in outcomes) else 1


def _row(release: Release, tests: Sequence[str], cache: Path) -> tuple[list[str], bool]:
    """The release's line of the table, and whether all is well with it."""
    found = interpreter(release.python, os.environ)
    line = [release.name, found.version if found else release.python, *release.libraries.values()]
    if not found:
        return [*line, f"not run: no python{release.python}"], os.environ.get("ALLOW_MISSING") == "1"
    print(f"{release.name}: Python {found.version} …", file=sys.stderr, flush=True)
    log = cache / f"{release.name}.log"
    log.write_bytes(b"")
    try:
        python = prepare(release, found, cache / release.name, log)
    except Unprepared as error:
        return [*line, f"not run: {error}"], False
    counts = run(python, log, tests)
    bad = counts.failed > 0 or bool(counts.broken)
    if bad:
        print(*_failures(log), f"{release.name}: {counts.broken or 'failed'}; see {log}", sep="\n", file=sys.stderr)
    numbers = [counts.passed, counts.failed, counts.skipped, round(counts.seconds)]
    return [*line, *map(str, numbers), str(found.path)], not bad


def _failures(log: Path) -> Iterable[str]:
    return re.findall(r"^(?:FAILED|ERROR) .*", log.read_text(errors="replace"), re.MULTILINE)


def _print_table(lines: Sequence[Sequence[str]]) -> None:
    """In columns as wide as the widest word; a remark in place of the numbers makes none wider."""
    full = [line for line in lines if len(line) == len(lines[0])]
    widths = [max(len(line[column]) for line in full) for column in range(len(lines[0]))]
    for line in lines:
        print("  ".join(word.ljust(width) for word, width in zip(line, widths)).rstrip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
