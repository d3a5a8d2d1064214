r"""Private keys of every kind, by what their files must hold.

A header alone is in every program that reads such files: a key counts when its body follows.
The formats: RFC 7468 and RFC 1421 (PEM, also with ``\n`` in JSON), RFC 9580 (OpenPGP), PuTTY's
manual (appendix C), age's and minisign's specifications, wg(8), iwd.network(5), BIND's
dnssec-keygen, GnuPG's agent/keyformat.txt, and Dropbear's keyfile, which is a public key
in SSH's wire format with the private part behind it.
"""

from __future__ import annotations

import re
from re import Match

from guestseal.check.residue.needles import Needle
from guestseal.seal.operation import Kind

REMEDY = "remove it, or have it made on each clone (the setting accept: what all are to share)"

# Bounded: a file of nothing but spaces must not take a square of its size.
_END_OF_LINE = rb"[ \t]{0,40}(?:\r?\n|\\n|\\r\\n)[ \t]{0,40}"
_GPG_HEADERS = 2000
"""Bytes that may stand before the key in a file of gpg-agent; libgcrypt itself holds keys, for its tests."""
_DROPBEAR_PUBLIC = {b"\0\0\0\x07ssh-rsa": 2, b"\0\0\0\x07ssh-dss": 4, b"\0\0\0\x13ecdsa-sha2-nistp": 2}


def _key(what: str, anchor: bytes | tuple[bytes, ...], pattern: bytes, sieve: bytes, **more: object) -> Needle:
    anchors = (anchor,) if isinstance(anchor, bytes) else anchor
    compiled = re.compile(pattern, re.DOTALL)
    said = f"holds {what}"
    return Needle("private-key", Kind.SECRET, said, REMEDY, anchors, compiled, sieve, **more)  # type: ignore[arg-type]


def _is_dropbear(match: Match[bytes]) -> bool:
    """Whether a private part follows the public one; at the beginning of a file only."""
    if match.start() != 0:
        return False
    content, at = match.string, 0
    fields = 1 + next(count for begins, count in _DROPBEAR_PUBLIC.items() if match[0].startswith(begins))
    for _ in range(fields + 1):
        size = int.from_bytes(content[at : at + 4], "big")
        at += 4 + size
        if not 0 < size <= 2048 or at > len(content):
            return False
    return True


def _is_real(match: Match[bytes]) -> bool:
    """Whether the key has more than a few different characters: an example is often all ``A`` or ``x``."""
    return len(set(match["value"])) > 8


NEEDLES = (
    _key(
        "a private key (PEM)",
        b"-----BEGIN ",
        rb"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
        + _END_OF_LINE
        +
        # Headers (Proc-Type, DEK-Info, Version) and an empty line may stand before the body.
        rb"(?:(?:[A-Za-z-]+: [^\n\\]{0,200})?"
        + _END_OF_LINE
        + rb"){0,8}(?P<value>[A-Za-z0-9+/=]{32}[A-Za-z0-9+/=\s\\]{0,5000})",
        b"-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----([ \t]*\r?$|[ \t]*\\\\(n|r))",
        accepts=_is_real,
    ),
    _key(
        "a private key of PuTTY",
        b"PuTTY-User-Key-File-",
        rb"PuTTY-User-Key-File-[123]: [^\r\n]{3,60}\r?\n"
        rb"(?:[A-Za-z0-9-]{1,40}: [^\r\n]{0,200}\r?\n|[A-Za-z0-9+/=]{1,76}\r?\n){1,40}?"
        rb"Private-Lines: \d+\r?\n(?P<value>[A-Za-z0-9+/=\s]{32,4000})",
        rb"PuTTY-User-Key-File-[123]: ",
    ),
    _key(
        "a private key of age",
        (b"AGE-SECRET-KEY-", b"age-encryption.org/v1"),
        rb"(?P<value>AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{58,})(?![A-Z0-9a-z])",
        rb"AGE-SECRET-KEY-(PQ-)?1[A-Z0-9]{58}",
        accepts=_is_real,
    ),
    _key(
        "a private key of minisign or signify",
        b"untrusted comment:",
        rb"untrusted comment:[^\n]{0,200}secret key[^\n]{0,200}\n(?P<value>RW[A-Za-z0-9+/]{60,300})",
        rb"untrusted comment:.*secret key",
        accepts=_is_real,
    ),
    _key(
        "a private key of WireGuard",
        (b"PrivateKey", b"private-key=", b"private_key"),
        rb"(?:PrivateKey|private-key|private_key)[\"']?[ \t]*[=:][ \t]*[\"']?"
        rb"(?P<value>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])",
        rb"(PrivateKey|private-key|private_key).*[A-Za-z0-9+/]{43}=",
        accepts=_is_real,
    ),
    _key(
        "a private key of DNSSEC",
        b"Private-key-format: v1.",
        rb"Private-key-format: v1\.\d.{1,1000}?\n(?:PrivateKey|PrivateExponent): (?P<value>[A-Za-z0-9+/=]{32,})",
        rb"Private-key-format: v1\.",
    ),
    _key(
        "a private key of GnuPG",
        (b"Key: (", b"(11:private-key", b"(21:protected-private-key"),
        rb"(?:Key: \((?:protected-)?private-key|\((?:11:|21:protected-)private-key)\s{0,9}\((?P<value>.{64,256})",
        rb"Key: \((protected-)?private-key|\((11:|21:protected-)private-key\(",
        accepts=lambda match: match.start() < _GPG_HEADERS,
    ),
    _key(
        "a private key of Dropbear",
        (b"\0\0\0\x0bssh-ed25519\0\0\0\x40",),
        rb"\0\0\0\x0bssh-ed25519\0\0\0\x40(?P<value>.{64})",
        b"\x0bssh-ed25519\0\0\0\x40",
    ),
    _key(
        "a private key of Dropbear",
        tuple(_DROPBEAR_PUBLIC),
        rb"\0\0\0(?:\x07ssh-(?:rsa|dss)|\x13ecdsa-sha2-nistp(?:256|384|521))\0\0\0.(?P<value>.{64,2048})",
        b"[\x07\x13](ssh-(rsa|dss)|ecdsa-sha2-nistp(256|384|521))\0\0\0",
        accepts=_is_dropbear,
    ),
)
