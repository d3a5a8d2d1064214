"""The table of releases, and where the machine has their Pythons."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("releases.txt")
VERSION = "import sys; print(*sys.version_info[:3], sep='.')"


@dataclass(frozen=True)
class Release:
    """A row of the table: ``python`` is like 3.9, ``libraries`` maps names on PyPI to versions ("-" for none)."""

    name: str
    python: str
    libraries: Mapping[str, str]

    @property
    def requirements(self) -> list[str]:
        """What pip is asked for."""
        return [f"{name}=={version}" for name, version in self.libraries.items() if version != "-"]


@dataclass(frozen=True)
class Interpreter:
    """A Python of this machine; ``version`` is like 3.9.18."""

    path: Path
    version: str


def releases(text: str) -> list[Release]:
    """The rows of a table like releases.txt."""
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    header, *rows = lines
    assert all(len(row) == len(header) for row in rows), "every row has as many words as the header"
    return [Release(row[0], row[1], dict(zip(header[2:], row[2:]))) for row in rows]


def interpreter(python: str, environment: Mapping[str, str]) -> Interpreter | None:
    """The first of $PYTHONS, the system's and pyenv's that is Python ``python``; None where there is none."""
    for path in _candidates(python, environment):
        try:
            done = subprocess.run([path, "-I", "-c", VERSION], capture_output=True, text=True, timeout=30, check=False)
        except OSError:
            continue
        version = done.stdout.strip()
        if version.startswith(f"{python}."):
            return Interpreter(path, version)
    return None


def _candidates(python: str, environment: Mapping[str, str]) -> Iterator[Path]:
    yield from map(Path, environment.get("PYTHONS", "").split())
    yield Path(f"/usr/bin/python{python}")
    root = Path(environment.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv"))
    # pyenv's shims come first on the PATH and start whatever version is selected: only the versions themselves will do.
    found = root.glob(f"versions/{python}.*/bin/python{python}")
    yield from sorted(found, key=lambda path: [int(number) for number in re.findall(r"\d+", path.parts[-3])])[::-1]
