"""passwd(5), shadow(5), group(5), gshadow(5) and subuid(5) as bytes: accounts taken out, every other byte stays."""

from __future__ import annotations

import os
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import Callable, Optional

from guestseal.guest.facts import Account

Line = Callable[[list[bytes]], Optional[list[bytes]]]
"""What becomes of a line, given its fields; None: it goes."""


def without_accounts(content: bytes, names: Collection[str]) -> bytes:
    """``content`` of passwd, shadow, subuid or subgid without the lines that begin with one of ``names``."""
    gone = {os.fsencode(name) for name in names}
    return _changed(content, lambda fields: None if fields[0] in gone else fields)


def without_members(content: bytes, names: Collection[str], groups: Collection[str]) -> bytes:
    """``content`` of group or gshadow without ``names`` as members, and as administrators, and without ``groups``."""
    gone = {os.fsencode(name) for name in names}
    removed = {os.fsencode(name) for name in groups}

    def line(fields: list[bytes]) -> list[bytes] | None:
        if fields[0] in removed:
            return None
        # group(5) has its members in the fourth field, gshadow(5) in the third and fourth: the third
        # one of group(5) is a number, which no member's name is.
        return [*fields[:2], *(_without(field, gone) for field in fields[2:])]

    return _changed(content, line)


def own_groups(content: bytes, accounts: Collection[Account], others: Collection[Account]) -> set[str]:
    """The groups of group(5) that exist for ``accounts`` only: of their name, without other members or ``others``."""
    names = {account.name for account in accounts}
    used = {account.gid for account in others}
    found = set()
    for raw in content.split(b"\n"):
        fields = os.fsdecode(raw).split(":")
        if len(fields) == 4 and fields[0] in names and fields[2].isdecimal():
            members = {name for name in fields[3].split(",") if name}
            if members <= names and int(fields[2]) not in used:
                found.add(fields[0])
    return found


def _changed(content: bytes, line: Line) -> bytes:
    """Each line as ``line`` wants it; what is no line of an account file stays."""
    kept = []
    for raw in content.split(b"\n"):
        fields = raw.split(b":")
        if len(fields) < 2:
            kept.append(raw)
            continue
        after = line(fields)
        if after is not None:
            kept.append(b":".join(after))
    return b"\n".join(kept)


def _without(field: bytes, names: AbstractSet[bytes]) -> bytes:
    members = field.split(b",")
    return field if names.isdisjoint(members) else b",".join(name for name in members if name not in names)
