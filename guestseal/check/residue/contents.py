"""Looking for needles in content: exactly, with the lines they are in, in flat memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from re import Match

from guestseal.check.residue.needles import BEFORE, LONGEST, Needle

NAMED = 10
"""Places of one needle that are told of one file."""

_TEXT = 8000
"""Bytes at the beginning in which a NUL makes a file one without lines, as for git."""


@dataclass(frozen=True)
class Hit:
    """One place where a needle was found."""

    needle: Needle
    line: int
    """From 1; 0: the content has no lines."""
    fingerprint: str
    """The first 8 digits of the value's SHA-256; empty: people choose such values, and it could be guessed by them."""


def search(pieces: Iterable[bytes], needles: Sequence[Needle]) -> list[Hit]:
    """The places of ``needles`` in content that comes in pieces of any size, sorted by line; each once."""
    return sorted(_Search(needles).hits(pieces), key=lambda hit: (hit.line, hit.needle.name, hit.needle.what))


class _Search:
    def __init__(self, needles: Sequence[Needle]) -> None:
        self._missing = dict.fromkeys(range(len(needles)), NAMED)
        self._needles = needles
        self._told: set[tuple[str, str, int, str]] = set()
        self._lines = False
        self._line = 1
        """The line at the beginning of the buffer."""

    def hits(self, pieces: Iterable[bytes]) -> Iterator[Hit]:
        buffer, begin, first = b"", 0, True
        for piece in chain(pieces, (b"",)):
            buffer += piece
            if piece and len(buffer) <= LONGEST:
                continue
            if first:
                self._lines, first = b"\0" not in buffer[:_TEXT], False
            # What begins in the last bytes may not have come to its end: it is looked at with the next piece.
            end = len(buffer) - LONGEST if piece else len(buffer)
            yield from self._within(buffer, begin, end)
            kept = max(0, end - BEFORE)
            self._line += buffer.count(b"\n", 0, kept)
            buffer, begin = buffer[kept:], end - kept

    def _within(self, buffer: bytes, begin: int, end: int) -> Iterator[Hit]:
        for number in list(self._missing):
            needle = self._needles[number]
            for match in _matches(needle, buffer, begin, end):
                hit = self._hit(needle, match)
                if hit is None:
                    continue
                yield hit
                self._missing[number] -= 1
                if not self._missing[number]:
                    del self._missing[number]
                    break

    def _hit(self, needle: Needle, match: Match[bytes]) -> Hit | None:
        """The hit that a match is; None: it is one that was told already, or is none."""
        if not needle.accepts(match):
            return None
        line = self._line + match.string.count(b"\n", 0, match.start()) if self._lines else 0
        fingerprint = fingerprint_of(needle.value(match))
        # Two spellings of one thing in one line are one place: a short name in its long form.
        key = (needle.name, needle.what, line, "" if line else fingerprint)
        if key in self._told:
            return None
        self._told.add(key)
        return Hit(needle, line, "" if needle.guessable else fingerprint)


def fingerprint_of(value: bytes) -> str:
    """What tells two findings of one value without showing it."""
    return hashlib.sha256(value).hexdigest()[:8]


def _matches(needle: Needle, buffer: bytes, begin: int, end: int) -> Iterator[Match[bytes]]:
    """The matches that start from ``begin`` on and before ``end``."""
    if not needle.anchors:
        for match in needle.pattern.finditer(buffer, begin):
            if match.start() >= end:
                return
            yield match
    for anchor in needle.anchors:
        last = end - 1 + len(anchor)
        at = buffer.find(anchor, begin, last)
        while at >= 0:
            found = needle.pattern.match(buffer, at)
            if found is not None:
                yield found
            at = buffer.find(anchor, at + 1, last)
