"""SSH public keys as a platform hands them out: many lines of many origins, few of them to be trusted as they are.

A key is taken when OpenSSH would take it: its type is one of OpenSSH's, its blob is a
complete key of that type (RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4, PROTOCOL.u2f) and it is
strong enough. What is refused is told by its line, never by its content.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from guestseal.errors import Malformed
from guestseal.firstboot.validation import KEYS_LIMIT

MOST_KEYS = 64
MOST_REMARKS = 8
RSA_BITS = 2048
"""The least RSA modulus: the least that RHEL 9's default policy lets sshd take."""

_LONGEST_JOIN = 64
_PRIVATE = "A PRIVATE KEY: make a new one, this one is known now"
_COMMENT_LIMIT = 128
# sshd(8), AUTHORIZED_KEYS: options that give more than the key alone. Without one of these the key can do less;
# without any other option it could do more than its owner meant.
_HARMLESS_TO_LOSE = frozenset(
    ("agent-forwarding", "environment", "no-touch-required", "port-forwarding", "pty", "user-rc", "x11-forwarding")
)


class Keys(NamedTuple):
    """``type blob [comment]`` each, in the order sent. ``remarks`` say what was left out or changed."""

    keys: tuple[str, ...]
    remarks: tuple[str, ...] = ()


class _Refused(Exception):
    """A line is not taken; the message says why and quotes nothing."""


class _Key(NamedTuple):
    kind: str
    blob: str
    comment: str
    options_lost: bool

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.blob, self.comment)))


def ssh_keys(address: str, body: bytes) -> Keys:
    """The usable keys among the lines of ``body``, each once; none where nothing was sent.

    A blob that was wrapped over several lines is put together when the result is a key.
    Options are dropped, or the key is refused where they would have restricted it. Raises
    Malformed when something was sent and nothing of it is a usable key.
    """
    if len(body) > KEYS_LIMIT:
        raise Malformed(address, f"more than {KEYS_LIMIT} bytes")
    # A comment may be in any encoding, and what is not ASCII in the rest of a key makes it no key.
    text = body.decode("utf-8", "replace")
    if text.lstrip().startswith(("<", "{")):
        raise Malformed(address, "a document where SSH keys were expected")
    keys: dict[tuple[str, str], str] = {}
    remarks: list[str] = []
    offered = False
    for number, found in _entries(text):
        offered = True
        if isinstance(found, _Refused):
            remarks.append(f"SSH key in line {number} refused: {found}")
            continue
        if found.options_lost:
            remarks.append(f"SSH key in line {number}: its options were dropped")
        keys.setdefault((found.kind, found.blob), str(found))
    remarks.sort(key=lambda remark: _PRIVATE not in remark)
    if offered and not keys:
        raise Malformed(address, f"no usable SSH key; {remarks[0]}")
    if len(keys) > MOST_KEYS:
        remarks.insert(0, f"SSH keys: only the first {MOST_KEYS} of {len(keys)} are used")
    if len(remarks) > MOST_REMARKS:
        remarks[MOST_REMARKS:] = [f"SSH keys: {len(remarks) - MOST_REMARKS} more remarks"]
    return Keys(tuple(keys.values())[:MOST_KEYS], tuple(remarks))


def _entries(text: str) -> Iterator[tuple[int, _Key | _Refused]]:
    """The keys in ``text`` and what is in the place of one, with the number of the line."""
    lines = re.split(r"\r\n|\n|\r", text)
    at = 0
    while at < len(lines):
        line, number = lines[at].strip(), at + 1
        if line.startswith(("-----BEGIN", "---- BEGIN")):
            at = _end_of_block(lines, at)
            private = "PRIVATE KEY" in line
            yield number, _Refused(_PRIVATE if private else "not OpenSSH's")
        elif line and not line.startswith("#"):
            found, used = _longest(lines, at)
            yield number, found
            at += used - 1
        at += 1


def _end_of_block(lines: list[str], start: int) -> int:
    for at in range(start + 1, len(lines)):
        if lines[at].lstrip().startswith(("-----END", "---- END")):
            return at
    return len(lines)


def _longest(lines: list[str], at: int) -> tuple[_Key | _Refused, int]:
    """The key that begins in a line, and how many lines it has: one, or those its blob was wrapped over."""
    alone = _read(lines[at])
    joined = lines[at].strip()
    if isinstance(alone, _Key) or not _starts_key(joined):
        return alone, 1
    for more in range(1, _LONGEST_JOIN):
        piece = lines[at + more].strip() if at + more < len(lines) else ""
        if not piece or _starts_key(piece):
            break
        joined += piece
        found = _read(joined)
        if isinstance(found, _Key):
            return found, more + 1
    return alone, 1


def _starts_key(line: str) -> bool:
    return line.partition(" ")[0] in _KINDS


def _read(line: str) -> _Key | _Refused:
    try:
        return _parse(line.strip())
    except _Refused as error:
        return error


def _parse(line: str) -> _Key:
    options, rest = ("", line) if line.split(None, 1)[0] in _KINDS else _split_options(line)
    words = rest.split(None, 2)
    if len(words) < 2 or words[0] not in _KINDS:
        raise _Refused(_why_unknown(words[0] if words else ""))
    kind, blob = words[0], words[1]
    lost = [name for name in _option_names(options) if name not in _HARMLESS_TO_LOSE]
    if lost:
        raise _Refused("its options restrict it, and without them it could do more than was meant")
    try:
        content = base64.b64decode(blob.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise _Refused("not base64") from None
    _Blob(content).check(kind)
    comment = "".join(c if c.isprintable() else "?" for c in (words[2] if len(words) > 2 else ""))
    # Spelled anew: base64 has more than one spelling of the same bytes.
    return _Key(kind, base64.b64encode(content).decode(), comment.strip()[:_COMMENT_LIMIT], bool(options))


def _split_options(line: str) -> tuple[str, str]:
    """Options and the rest: sshd(8) ends them at the first blank outside quotes."""
    match = re.match(r'((?:[^\s"]|"(?:\\.|[^"\\])*")+)\s+(.*)', line)
    return (match[1], match[2]) if match and match[2].split(None, 1)[0] in _KINDS else ("", line)


def _option_names(options: str) -> list[str]:
    without_values = re.sub(r'"(?:\\.|[^"\\])*"', "", options)
    return [name.partition("=")[0].lower() for name in without_values.split(",") if name]


def _why_unknown(kind: str) -> str:
    if kind == "ssh-dss":
        return "a DSA key, which OpenSSH does not take any more"
    if kind.endswith("-cert-v01@openssh.com"):
        return "a certificate, which says nothing without its authority"
    return "not a key of a type that OpenSSH takes"


class _Blob:
    """The fields of a key's blob (RFC 4251 5: a length of four bytes before each)."""

    def __init__(self, content: bytes) -> None:
        self._rest = content

    def check(self, kind: str) -> None:
        """Raise _Refused unless this is one complete key of ``kind``."""
        if self._field() != kind.encode():
            raise _Refused("its type is not the one of its blob")
        _KINDS[kind](self)
        if self._rest:
            raise _Refused("more follows its blob")

    def rsa(self) -> None:
        self._field()
        bits = int.from_bytes(self._field(), "big").bit_length()
        if not RSA_BITS <= bits <= 16384:  # OPENSSH_RSA_MAX_MODULUS_BITS
            raise _Refused(f"an RSA key of {bits} bits; at least {RSA_BITS} are needed")

    def ed25519(self) -> None:
        if len(self._field()) != 32:
            raise _Refused("truncated")

    def ecdsa(self, curve: bytes, size: int) -> None:
        name, point = self._field(), self._field()
        if name != curve or len(point) != size or point[0] != 4:
            raise _Refused("not a point of its curve")

    def security_key(self, key: Callable[[_Blob], None]) -> None:
        key(self)
        if not self._field():
            raise _Refused("names no application")

    def _field(self) -> bytes:
        if len(self._rest) < 4:
            raise _Refused("truncated")
        (length,) = struct.unpack(">I", self._rest[:4])
        field, self._rest = self._rest[4 : 4 + length], self._rest[4 + length :]
        if len(field) != length:
            raise _Refused("truncated")
        return field


def _nistp256(blob: _Blob) -> None:
    blob.ecdsa(b"nistp256", 65)


_KINDS: dict[str, Callable[[_Blob], None]] = {
    "ssh-ed25519": _Blob.ed25519,
    "ssh-rsa": _Blob.rsa,
    "ecdsa-sha2-nistp256": _nistp256,
    "ecdsa-sha2-nistp384": lambda blob: blob.ecdsa(b"nistp384", 97),
    "ecdsa-sha2-nistp521": lambda blob: blob.ecdsa(b"nistp521", 133),
    "sk-ssh-ed25519@openssh.com": lambda blob: blob.security_key(_Blob.ed25519),
    "sk-ecdsa-sha2-nistp256@openssh.com": lambda blob: blob.security_key(_nistp256),
}
