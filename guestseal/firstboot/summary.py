"""What an operator sees on the console of a clone: few lines, ASCII, and the host keys to compare.

The two blocks between BEGIN and END lines and the last line are the ones that tools look
for on a cloud's console log: cloud-init's write-ssh-key-fingerprints, cc_keys_to_console
and cc_final_message print the same. Without the blocks there are at most 12 lines of at
most 80 columns.
"""

from __future__ import annotations

import base64
import struct
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from guestseal.errors import GuestError
from guestseal.firstboot.step import Clone
from guestseal.guest.accounts.shadow import SHADOW_LIMIT
from guestseal.guest.accounts.shadow import entry as shadow_entry
from guestseal.guest.identity import fingerprint
from guestseal.guest.ssh.authorized_keys import LIMIT, account_named, keys_of, path_for
from guestseal.guest.ssh.sshd_config import SshdConfig
from guestseal.guest.tree import Tree
from guestseal.report import Entry, Outcome

WIDTH = 80
MOST = 4
"""Lines of who was asked in vain, or of what was not believed: without a login nobody can look them up."""
_CURVE_BITS = {"nistp256": 256, "nistp384": 384, "nistp521": 521}


def lines(clone: Clone, entries: Sequence[Entry], facts: Mapping[str, Any]) -> Iterator[str]:
    """The summary of a finished network stage, with the blocks of host keys."""
    config = SshdConfig.read(clone.root)
    name = (clone.root.read_text("/etc/hostname") or "").strip() or "localhost"
    yield _line(f"guestseal: this machine is {name}")
    if facts.get("source"):
        yield _line(f"metadata: {facts['source']} at {facts['address']}")
        yield from _some(facts.get("remarks", ()))
    else:
        yield "metadata: nobody answered; everything stays as it is"
        asked = facts.get("attempts", ())
        yield from _some([f"{each['source']} at {each['address']}: {each['answer']}" for each in asked])
    yield from _account(clone, config, answered=bool(facts.get("source")))
    yield from _steps(entries)
    keys = list(_host_keys(clone.root, config))
    yield "-----BEGIN SSH HOST KEY FINGERPRINTS-----"
    yield from (_line(_as_keygen(*key)) for key in keys)
    yield "-----END SSH HOST KEY FINGERPRINTS-----"
    yield "-----BEGIN SSH HOST KEY KEYS-----"
    yield from (_ascii(" ".join(key).strip()) for key in keys)
    yield "-----END SSH HOST KEY KEYS-----"


def last_line(now: float, uptime: float, source: str | None) -> str:
    """The line that says that it is over: ``now`` in seconds since the epoch, ``uptime`` in seconds."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    return f"guestseal finished at {at}. Source {source or 'none'}. Up {uptime:.2f} seconds"


def _some(texts: Sequence[str]) -> Iterator[str]:
    """The first of ``texts``, one line each."""
    shown = len(texts) if len(texts) <= MOST + 1 else MOST
    yield from (_line(f"  {text}") for text in texts[:shown])
    if len(texts) > shown:
        yield f"  and {len(texts) - shown} more: guestseal status --long"


def _account(clone: Clone, config: SshdConfig, *, answered: bool) -> Iterator[str]:
    """By what one can log in to the account that the platform's keys and password are for."""
    tree, account = clone.root, clone.settings.account
    shadow = shadow_entry(tree.read("/etc/shadow", limit=SHADOW_LIMIT) or b"", account)
    password = "absent" if shadow is None else shadow.state
    try:
        path = path_for(account_named(clone.guest, account), config.authorized_keys_files)
        count = len(keys_of(tree.read(path, limit=LIMIT) or b"")) if path is not None else 0
    except GuestError:  # no such account, a file of keys that must not be read: sshd takes none from it
        count = 0
    yield _line(f"{account}: password {password}, {count} SSH key{'' if count == 1 else 's'}")
    if answered:
        return
    # Not "login:", for which programs at the other end of a serial console wait.
    if password in ("set", "expired"):
        yield "access: the sealed template's password may be the only one"
    elif not count:
        yield "access: neither a password nor a key is known to open this machine"


def _steps(entries: Sequence[Entry]) -> Iterator[str]:
    """What was made so and what failed, in one line each; why it failed is in the log."""
    for outcome in (Outcome.DONE, Outcome.FAILED):
        names = [entry.name for entry in entries if entry.outcome is outcome]
        if names:
            yield _line(f"{outcome.value}: {', '.join(names)}")


def _host_keys(tree: Tree, config: SshdConfig) -> Iterator[tuple[str, str, str]]:
    """Type, blob and comment of the public half of every key that sshd loads."""
    for path in config.host_keys:
        try:
            words = (tree.read_text(f"{path}.pub") or "").split(None, 2)
        except GuestError:  # the private key is what sshd needs, and this line is for people
            continue
        if len(words) > 1 and fingerprint(" ".join(words)) is not None and len(_fields(words[1])) > 1:
            yield words[0], words[1], " ".join(words[2:]).strip()


def _as_keygen(kind: str, blob: str, comment: str) -> str:
    """``bits fingerprint comment (TYPE)``, as ``ssh-keygen -l`` says it."""
    name = {"ssh-ed25519": "ED25519", "ssh-rsa": "RSA"}.get(kind, "ECDSA" if kind.startswith("ecdsa") else kind)
    start, end = f"{_bits(blob)} {fingerprint(f'{kind} {blob}')} ", f" ({name})"
    return start + _ascii(comment or "no comment")[: WIDTH - len(start) - len(end)] + end


def _bits(blob: str) -> int:
    """The length of a public key: RFC 4253 section 6.6, RFC 5656, RFC 8709."""
    fields = _fields(blob)
    if fields[0] == b"ssh-rsa":
        return int.from_bytes(fields[-1], "big").bit_length()
    return _CURVE_BITS.get(fields[1].decode("ascii", "replace"), 256)


def _fields(blob: str) -> list[bytes]:
    """The strings of a key in wire format: RFC 4251 section 5."""
    raw = base64.b64decode(blob)
    fields = []
    while len(raw) >= 4:
        (size,) = struct.unpack(">I", raw[:4])
        fields.append(raw[4 : 4 + size])
        raw = raw[4 + size :]
    return fields


def _line(text: str) -> str:
    return _ascii(text)[:WIDTH]


def _ascii(text: str) -> str:
    """``text`` with everything escaped that is not printable ASCII: a serial console knows no more."""
    return "".join(c if " " <= c <= "~" else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
