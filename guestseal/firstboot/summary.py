"""What an operator sees on the console of a clone: few lines, ASCII, and the host keys to compare.

The block between the BEGIN and END lines is the one tools look for on a cloud's console
log: cloud-init's write-ssh-key-fingerprints prints the same.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from guestseal.errors import printable
from guestseal.guest.identity import HOST_KEYS, fingerprint, read_identity
from guestseal.guest.tree import Tree

BEGIN = "-----BEGIN SSH HOST KEY FINGERPRINTS-----"
END = "-----END SSH HOST KEY FINGERPRINTS-----"
_CURVE_BITS = {"nistp256": 256, "nistp384": 384, "nistp521": 521}


def lines(tree: Tree, facts: Mapping[str, Any]) -> Iterator[str]:
    """The summary of a finished network stage."""
    identity = read_identity(tree)
    yield f"guestseal: this machine is {printable(identity.hostname or 'localhost')}"
    if facts.get("source"):
        yield f"metadata: {facts['source']} at {printable(str(facts['address']))}"
    else:
        yield "metadata: nobody answered; `guestseal status --long` says who was asked"
    yield f"root: password {identity.root_password}, {len(identity.authorized_keys)} SSH keys"
    yield BEGIN
    yield from host_key_lines(tree)
    yield END


def host_key_lines(tree: Tree) -> Iterator[str]:
    """``bits fingerprint (TYPE)`` for every host key, as ``ssh-keygen -l`` gives it without a comment."""
    for path in tree.glob(HOST_KEYS):
        words = (tree.read_text(path) or "").split()
        text = fingerprint(" ".join(words))
        if text is not None:
            yield f"{_bits(words[1])} {text} ({_type(words[0])})"


def _type(word: str) -> str:
    return {"ssh-ed25519": "ED25519", "ssh-rsa": "RSA"}.get(word, "ECDSA" if word.startswith("ecdsa") else word)


def _bits(blob: str) -> int:
    """The length of a public key in wire format: RFC 4253 section 6.6, RFC 5656, RFC 8709."""
    raw = base64.b64decode(blob)
    fields = []
    while len(raw) >= 4:
        (size,) = struct.unpack(">I", raw[:4])
        fields.append(raw[4 : 4 + size])
        raw = raw[4 + size :]
    if fields[0] == b"ssh-rsa":
        return int.from_bytes(fields[2], "big").bit_length()
    return _CURVE_BITS.get(fields[1].decode("ascii", "replace"), 256)
