"""Sections of ``key=value`` lines: systemd's units (systemd.syntax(7)) and NetworkManager's keyfiles.

A line that is taken out goes with the lines that continue it; every other line keeps its bytes.
A section that comes twice is two sections: [Address] of systemd.network(5) is one address each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

_PLAIN = re.compile(r"[^\n]*(?:\n|\Z)")
_CONTINUED = re.compile(r"[ \t]*[#;][^\n]*(?:\n|\Z)|(?:[^\n]*\\\r?\n)*[^\n]*(?:\n|\Z)")


@dataclass(frozen=True)
class Setting:
    """One line ``key=value``, names in lower case: what is neither has an empty ``key``."""

    text: str
    """The line itself, with those that continue it and their ends."""
    section: str = ""
    key: str = ""
    value: str = ""


class Sections:
    """The lines of one file. ``continued``: a backslash at the end of a line continues it; in a keyfile it does not."""

    def __init__(self, text: str, *, continued: bool = True) -> None:
        self._lines = tuple(_settings(text, _CONTINUED if continued else _PLAIN))

    def values(self, section: str, *keys: str) -> list[str]:
        """The values of the keys in sections of that name, in order; the empty ones left out."""
        found = [line for line in self._lines if line.section == section and line.key in keys]
        return [line.value for line in found if line.value]

    def last(self, section: str, *keys: str) -> str:
        """The value that counts of a key that has one value; empty: none."""
        return next(iter(reversed(self.values(section, *keys))), "")

    def keys(self, section: str) -> set[str]:
        """The keys that stand in sections of that name."""
        return {line.key for line in self._lines if line.section == section and line.key}

    def settings(self) -> Iterator[Setting]:
        """Every setting in the order of the file, the empty ones included."""
        return (line for line in self._lines if line.key)

    def any(self, wanted: Callable[[Setting], bool]) -> bool:
        """Whether some setting is ``wanted``."""
        return any(line.key and wanted(line) for line in self._lines)

    def without(self, unwanted: Callable[[Setting], bool]) -> Sections:
        """The same without the ``unwanted`` settings."""
        return self._of(line for line in self._lines if not (line.key and unwanted(line)))

    def with_first(self, section: str, keys: Collection[str], line: str) -> Sections:
        """The same with ``line`` in the place of the first setting of ``keys``, which is there."""
        place = next(n for n, each in enumerate(self._lines) if each.section == section and each.key in keys)
        old = self._lines[place]
        end = old.text[len(old.text.rstrip("\r\n")) :]
        return self._of(
            (*self._lines[:place], replace(old, text=line + end, key="", value=""), *self._lines[place + 1 :])
        )

    @property
    def text(self) -> str:
        """The file."""
        return "".join(line.text for line in self._lines)

    def _of(self, lines: Iterator[Setting] | tuple[Setting, ...]) -> Sections:
        found = Sections("")
        found._lines = tuple(lines)
        return found


def _settings(text: str, lines: re.Pattern[str]) -> Iterator[Setting]:
    section = ""
    for line in filter(None, lines.findall(text)):
        said = line.strip()
        if said.startswith("[") and said.endswith("]"):
            section = said[1:-1].strip().lower()
        key, equals, value = said.partition("=")
        if equals and not said.startswith(("#", ";", "[")):
            yield Setting(line, section, key.strip().lower(), value.replace("\\\n", " ").strip())
        else:
            yield Setting(line, section)
