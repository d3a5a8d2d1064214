"""Versions of Debian's packages, which one is newer: deb-version(7), as dpkg's lib/dpkg/version.c compares them."""

from __future__ import annotations

import re
from itertools import zip_longest

_PARTS = re.compile(r"([^0-9]*)([0-9]*)")


def newer(one: str, other: str) -> bool:
    """Whether ``one`` is newer than ``other``."""
    return _key(one) > _key(other)


def _key(version: str) -> tuple[tuple[int, str], _Part, _Part]:
    epoch, colon, rest = version.strip().partition(":")
    if not colon:
        epoch, rest = "0", epoch
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, ""
    return _number(epoch), _Part(upstream), _Part(revision)


def _number(digits: str) -> tuple[int, str]:
    """A number that compares as such, however many digits somebody wrote."""
    stripped = digits.lstrip("0")
    return len(stripped), stripped


class _Part:
    """The upstream version or the revision: what is no number and what is one, in turns."""

    def __init__(self, text: str) -> None:
        self._pieces = [(_order(plain), _number(number)) for plain, number in _PARTS.findall(text)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Part) and not self > other and not other > self

    def __gt__(self, other: _Part) -> bool:
        for mine, its in zip_longest(self._pieces, other._pieces, fillvalue=((0,), (0, ""))):
            if mine != its:
                return mine > its
        return False

    __hash__ = None  # type: ignore[assignment]


def _order(plain: str) -> tuple[int, ...]:
    """The tilde comes before the end, the end before letters, letters before the rest."""
    return (*(-1 if each == "~" else ord(each) + (0 if each.isalpha() else 256) for each in plain), 0)
