"""OpenSSH's private key files: which public key one belongs to, without using it.

The format is PROTOCOL.key of OpenSSH: after the magic come cipher, KDF, its options and
the number of keys, then the public key in clear, then the private part.
"""

from __future__ import annotations

import binascii

_BEGIN = b"-----BEGIN OPENSSH PRIVATE KEY-----\n"
_END = b"\n-----END OPENSSH PRIVATE KEY-----\n"
_MAGIC = b"openssh-key-v1\0"


def public_half(content: bytes) -> bytes | None:
    """The public key in wire format that a private key file holds; None: it is none, or not all of it is there."""
    if not content.startswith(_BEGIN) or not content.endswith(_END):
        return None
    try:
        raw = binascii.a2b_base64(content[len(_BEGIN) : -len(_END)])
    except binascii.Error:
        return None
    if not raw.startswith(_MAGIC):
        return None
    rest = raw[len(_MAGIC) :]
    fields = []
    for number in range(5):
        if number == 3:  # the number of keys is no string
            rest = rest[4:]
        size = int.from_bytes(rest[:4], "big")
        fields.append(rest[4 : 4 + size])
        if len(rest) < 4 + size:
            return None
        rest = rest[4 + size :]
    return fields[3] if fields[3] and fields[4] and not rest else None
