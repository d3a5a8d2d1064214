"""Recognising an identity that is known by its salted hashes only.

The seal record tells nobody what the machine was. But a value that is found, hashed in the
same way, shows whether it is the one: so everything of the right form is hashed and compared.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from re import Match
from typing import Callable

from guestseal.check.residue.needles import Needle
from guestseal.check.residue.quality import is_common
from guestseal.check.residue.spellings import REMEDY
from guestseal.guest.identity import fingerprint
from guestseal.guest.seal_record import SealRecord
from guestseal.seal.operation import Kind

_REMEMBERED = 1 << 16
"""Words of which it is remembered whether they are the host name."""


def compared(record: SealRecord) -> list[str]:
    """The names of what ``needles`` recognises, sorted: a DHCP identity is a digest of files, and stands nowhere."""
    return sorted(
        name for name in record.identity if name in ("machine-id", "hostname") or name.startswith("host key ")
    )


def needles(record: SealRecord) -> Iterator[Needle]:
    """What to search for of the identity in a seal record, as far as its form tells where to look."""
    keys = tuple(name for name in record.identity if name.startswith("host key "))
    is_value = _comparison(record)
    if "machine-id" in record.identity:
        yield _needle("machine-id", "the machine-id of the template", _ID, lambda match: is_value(*_machine_id(match)))
    if keys:
        for what, form in (("the fingerprint of a host key", _FINGERPRINT), ("a host key", _KEY)):
            yield _needle(
                "host-key",
                f"{what} of the template",
                form,
                lambda match: any(is_value(name, _fingerprint(match)) for name in keys),
            )
    if "hostname" in record.identity:
        name = _needle("host-name", "the host name of the template", _WORD, lambda match: _is_name(is_value, match))
        yield replace(name, applies=_is_configuration)


@dataclass(frozen=True)
class _Form:
    """How something looks: to Python, and to grep (None: like any word)."""

    pattern: bytes
    sieve: bytes | None
    anchors: tuple[bytes, ...] = ()


_ID = _Form(
    rb"(?<![0-9A-Fa-f-])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9A-Fa-f-])",
    rb"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
)
_FINGERPRINT = _Form(
    rb"(?<![A-Za-z0-9])SHA256:[A-Za-z0-9+/]{43}(?![A-Za-z0-9+/])", rb"SHA256:[A-Za-z0-9+/]{43}", (b"SHA256:",)
)
_KEY = _Form(
    rb"(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp\d{3}) AAAA[A-Za-z0-9+/]{40,2000}={0,2}",
    rb"(ssh-(ed25519|rsa|dss)|ecdsa-sha2-nistp[0-9]{3}) AAAA",
    (b"ssh-ed25519 ", b"ssh-rsa ", b"ssh-dss ", b"ecdsa-sha2-nistp"),
)
_WORD = _Form(rb"(?<![A-Za-z0-9_.-])[A-Za-z0-9][A-Za-z0-9.-]{2,252}[A-Za-z0-9](?![A-Za-z0-9_-])", None)


def _needle(name: str, what: str, form: _Form, accepts: Callable[[Match[bytes]], bool]) -> Needle:
    said, pattern = f"holds {what}", re.compile(form.pattern)
    return Needle(name, Kind.IDENTITY, said, REMEDY, form.anchors, pattern, form.sieve, accepts=accepts)


def _is_configuration(path: str) -> bool:
    """Whether every word of the file is worth comparing; in a boot image a path stands behind the image's."""
    return path.startswith("/etc/") or ": etc/" in path


def _machine_id(match: Match[bytes]) -> tuple[str, str]:
    return "machine-id", match[0].decode("ascii").replace("-", "")


def _fingerprint(match: Match[bytes]) -> str:
    text = match[0].decode("ascii")
    return text if text.startswith("SHA256:") else fingerprint(text) or ""


def _comparison(record: SealRecord) -> Callable[[str, str], bool]:
    """Whether a value is the one that the record has under a name: as guestseal.guest.identity hashes it."""
    salt = bytes.fromhex(record.salt)

    @lru_cache(_REMEMBERED)
    def is_value(name: str, value: str) -> bool:
        digest = hmac.digest(salt, f"{name}\0{value}".encode(), "sha256")
        return hmac.compare_digest(digest.hex(), record.identity[name])

    return is_value


def _is_name(is_value: Callable[[str, str], bool], match: Match[bytes]) -> bool:
    word = match[0].decode("ascii")
    names = (word, word.partition(".")[0])
    return any(is_value("hostname", name) for name in names if not is_common(name))
