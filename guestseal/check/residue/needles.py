"""What is searched for: a form of bytes, and what it means where it is found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from re import Match, Pattern
from typing import Callable

from guestseal.seal.operation import Kind

LONGEST = 8192
"""Bytes that a match may reach from its beginning."""
BEFORE = 256
"""Bytes before a match that its pattern, or ``accepts``, may look at."""

_SPECIAL = re.compile(rb"[.^$*+?()\[\]{}|\\]")


def everywhere(_: str) -> bool:
    """Any path."""
    return True


def _always(_: Match[bytes]) -> bool:
    return True


@dataclass(frozen=True)
class Needle:
    """One form of one kind of thing that must not be left."""

    name: str
    """The kind, as users see it: "mac-address"."""
    kind: Kind
    what: str
    """What a file that holds it does: "holds the MAC address of this machine"."""
    remedy: str
    anchors: tuple[bytes, ...]
    """A match begins with one of these. None: it can begin anywhere."""
    pattern: Pattern[bytes]
    """The whole form. Its group ``value``, or else all of it, is what the fingerprint is of."""
    sieve: bytes | None
    """An extended regular expression (grep -E) that every line with a match has. None: every file
    that ``applies`` is to be looked at."""
    applies: Callable[[str], bool] = everywhere
    """Whether it means anything in the file at this path."""
    accepts: Callable[[Match[bytes]], bool] = _always
    """Whether a match is one: not a placeholder, not an example."""
    guessable: bool = False
    """Whether people choose the value: a fingerprint would tell whoever guesses it that it is the one."""

    def value(self, match: Match[bytes]) -> bytes:
        """What was found, for its fingerprint alone."""
        return match["value"] if "value" in self.pattern.groupindex else match[0]


def literal(text: bytes) -> bytes:
    """An extended regular expression that ``text`` alone fits."""
    return _SPECIAL.sub(rb"\\\g<0>", text)


def either(texts: Iterable[bytes]) -> bytes:
    """An extended regular expression that each of ``texts`` fits, and nothing else."""
    return b"|".join(literal(text) for text in texts)
