"""A virtual environment with a release's libraries, and the unit tests in it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from matrix.releases import Interpreter, Release

PROJECT = Path(__file__).resolve().parents[2]
UNIT = "not system and not vm and not packages"
# It runs programs that have a Python of their own, on the same source text every time.
LINTERS = "tests/conformance/test_code_style.py"
INSTALL_TIMEOUT = 900
SUITE_TIMEOUT = 3600


class Unprepared(Exception):
    """The libraries cannot be installed; says where pip's words are."""


@dataclass(frozen=True)
class Counts:
    """What a run came to; ``broken`` says why it counts as failed although no test did."""

    passed: int
    failed: int
    skipped: int
    seconds: float
    broken: str = ""


def environment(*, pip: bool = False) -> dict[str, str]:
    """A clean environment: no PYTHON variables and no pyenv; the way to the package index only for pip."""
    kept = {name: value for name, value in os.environ.items() if name in {"HOME", "TMPDIR", "GUESTSEAL_TEST_CACHE"}}
    kept |= {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    kept |= {name: value for name, value in os.environ.items() if pip and name.startswith("PIP_")}
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {**kept, "PATH": path, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def prepare(release: Release, interpreter: Interpreter, directory: Path, log: Path) -> Path:
    """The Python of an environment in ``directory`` with the release's libraries, made unless it is there already."""
    python = directory / "bin/python"
    stamp = directory / "contents"
    contents = f"{interpreter.path} {interpreter.version} {' '.join(release.requirements)}\n"
    if stamp.exists() and stamp.read_text() == contents:
        return python
    commands: list[list[str | Path]] = [
        [interpreter.path, "-m", "venv", "--clear", directory],
        [python, "-m", "pip", "install", "--disable-pip-version-check", *release.requirements],
    ]
    for command in commands:
        if _run(command, environment(pip=True), log, INSTALL_TIMEOUT):
            raise Unprepared(f"no environment, see {log}")
    stamp.write_text(contents)
    return python


def run(python: Path, log: Path, arguments: Sequence[str]) -> Counts:
    """Run the unit tests, or of ``arguments`` those that are unit tests; what pytest says goes to ``log``."""
    results = log.with_suffix(".xml")
    results.unlink(missing_ok=True)
    options = ["-c", "setup.cfg", "-q", "-m", UNIT, "-p", "no:cacheprovider", f"--junit-xml={results}"]
    command = [python, "-m", "pytest", *options, f"--ignore={LINTERS}", *arguments]
    started = time.monotonic()
    ended = _run(command, environment(), log, SUITE_TIMEOUT)
    seconds = time.monotonic() - started
    if not results.exists():
        return Counts(0, 0, 0, seconds, ended or "no results")
    suite = next(ElementTree.parse(results).getroot().iter("testsuite"))
    total, skipped = int(suite.attrib["tests"]), int(suite.attrib["skipped"])
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    return Counts(total - failed - skipped, failed, skipped, seconds, "" if failed else ended)


def _run(command: Sequence[str | Path], environment: Mapping[str, str], log: Path, timeout: float) -> str:
    """Run a program with the project's directory as its own; how it ended where it did not end well."""
    with log.open("ab") as file:
        try:
            done = subprocess.run(
                command, cwd=PROJECT, env=environment, stdout=file, stderr=file, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired:
            return f"not finished after {timeout} s"
    return f"exit status {done.returncode}" if done.returncode else ""
