"""Certificates and private keys in PEM files (RFC 7468): whether a machine made one for itself.

Of X.509 (RFC 5280) only the two names of a certificate are read: who issued it and for whom.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import Callable

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import holds_something

PRIVATE_KEY = rb"^-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----"
"""A regular expression for the line with which a private key begins, encrypted or not; ``^`` is that of lines."""

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
_VERSION = 0xA0
_FIELDS = 5  # serial number, algorithm, issuer, validity, subject
_SSCG = b"Unspecified"  # the organization that sscg(1) gives, unless it is told another one


def self_made_pair(key: str, certificate: str) -> Callable[[Guest], Iterator[Action]]:
    """What removes the pair that a machine made for itself; nothing where the certificate is another one or a link.

    The certificate goes last: without it an interrupted seal could not tell whose the key is.
    """

    def actions(guest: Guest) -> Iterator[Action]:
        tree = guest.tree
        if holds_something(tree, certificate) and is_self_made(tree.read(certificate) or b""):
            if holds_something(tree, key):
                yield Remove(key, secret=True)
            yield Remove(certificate)

    return actions


def is_self_made(content: bytes) -> bool:
    """Whether a machine made this certificate for itself: no authority vouches for it.

    That is one self-signed certificate, or what sscg(1) writes: one with the authority that
    it made for this one alone. Anything else is not, nor is what cannot be parsed.
    """
    certificates = [_decoded(found) for found in _CERTIFICATE.findall(content)]
    if not certificates or len(certificates) > 2:
        return False
    names = _names(certificates[-1])
    if names is None or names[0] != names[1]:
        return False
    return len(certificates) == 1 or _SSCG in names[1]


def _decoded(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        return b""


def _names(certificate: bytes) -> tuple[bytes, bytes] | None:
    """The issuer and the subject, still encoded; None: it is no certificate."""
    outer = _element(certificate)
    signed = _element(outer[1]) if outer is not None else None
    fields: list[bytes] = []
    rest = signed[1] if signed is not None else b""
    for _ in range(_FIELDS):
        found = _element(rest)
        if found is None:
            return None
        if found[0] == _VERSION and not fields:
            found = _element(found[2]) or found
        fields.append(found[1])
        rest = found[2]
    return fields[2], fields[4]


def _element(data: bytes) -> tuple[int, bytes, bytes] | None:
    """The first element of DER (X.690): its tag, its content, and what comes after it; None: it is cut off."""
    if len(data) < 2:
        return None
    start, size = 2, data[1]
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start], "big")
    if len(data) < start + size:
        return None
    return data[0], data[start : start + size], data[start + size :]
