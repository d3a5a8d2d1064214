"""shadow(5) as bytes: one account's entry is read or changed, every other byte stays."""

from __future__ import annotations

from dataclasses import dataclass, field

FIELDS = 9
SHADOW_LIMIT = 16 << 20
"""Bytes of /etc/shadow: accounts by the ten thousand."""
LOCKED = "*"
"""A password field that holds nothing and that no unlocking opens: ``*`` is no hash of any password,
and ``usermod -U`` finds no ``!`` to take away. Without PAM sshd refuses the keys, too, of an account
whose field begins with ``!`` (OpenSSH, platform_locked_account)."""


@dataclass(frozen=True)
class ShadowEntry:
    """One line of shadow(5). Fields are kept as they are written; the password is never shown."""

    name: str
    password: str = field(repr=False)
    last_change: str = ""
    """Days since 1970; "0": the password must be changed at the next login; "": no ageing."""
    rest: tuple[str, ...] = ("",) * (FIELDS - 3)
    """min, max, warn, inactive, expire, flag."""

    @property
    def usable(self) -> bool:
        """Whether a password, or none at all, lets somebody in: ``!`` and ``*`` lock the field."""
        return not self.password.startswith(("!", "*"))

    @property
    def holds_nothing(self) -> bool:
        """Whether the field is locked and holds no hash behind the lock."""
        return self.password != "" and self.password.strip("!*") == ""

    @property
    def must_change(self) -> bool:
        """Whether the account has to choose a new password at its next login."""
        return self.last_change == "0"

    @property
    def state(self) -> str:
        """``locked``, ``none`` (no password is asked), ``expired`` (it must be changed) or ``set``."""
        if not self.usable:
            return "locked"
        if not self.password:
            return "none"
        return "expired" if self.must_change else "set"


def entry(content: bytes, name: str) -> ShadowEntry | None:
    """The entry of the account ``name``; None: there is none. The first line counts, as in getspnam(3)."""
    for line in content.split(b"\n"):
        fields = _decode(line).split(":")
        if fields[0] == name and len(fields) > 1:
            fields += [""] * (FIELDS - len(fields))
            return ShadowEntry(fields[0], fields[1], fields[2], tuple(fields[3:]))
    return None


def with_entry(content: bytes, changed: ShadowEntry) -> bytes:
    """``content`` with the account's line put in the place of its first one, or at the end."""
    new = ":".join((changed.name, changed.password, changed.last_change, *changed.rest))
    lines = content.split(b"\n")
    for number, line in enumerate(lines):
        if entry(line, changed.name) is not None:
            lines[number] = _encode(new)
            return b"\n".join(lines)
    newline = b"" if content.endswith(b"\n") or not content else b"\n"
    return content + newline + _encode(new) + b"\n"


def _decode(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def _encode(line: str) -> bytes:
    return line.encode("utf-8", "surrogateescape")
