"""The file sshd reads an account's public keys from, and guestseal's block in it.

The block is what the platform says; every other line is somebody else's and keeps
its bytes. Where the file lies is sshd_config(5): AuthorizedKeysFile and TOKENS.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guestseal.errors import GuestError, printable
from guestseal.guest.facts import Account, Guest

BEGIN = b"# BEGIN guestseal: the platform's keys; what is between these two lines is replaced at boot\n"
END = b"# END guestseal\n"
LIMIT = 1 << 20
"""Bytes of a file of keys: thousands of them. The account's own user writes it, and fills no memory with it."""

_MARKER = re.compile(rb"^# (BEGIN|END) guestseal\b[^\n]*(?:\n|\Z)", re.MULTILINE)
_TOKEN = re.compile(r"%(.?)")
_KEY = re.compile(r"(?:ssh-|ecdsa-|sk-)[a-zA-Z0-9@.-]+ [A-Za-z0-9+/]+={0,2}(?: .*)?")


def account_named(guest: Guest, name: str) -> Account:
    """The account ``name`` of the guest's passwd(5). Raises GuestError when there is none."""
    for account in guest.accounts:
        if account.name == name:
            return account
    raise GuestError(
        "/etc/passwd", f"no account {printable(name)}; make it in the template, or set `account` to another"
    )


def path_for(account: Account, files: Iterable[str]) -> str | None:
    """The first of sshd's AuthorizedKeysFile values for ``account``, as a path; None: it reads no file.

    Raises GuestError for a home directory or a token that gives no path.
    """
    first = next(iter(files), "none")
    if first == "none":
        return None
    path = _expanded(first, account)
    if not path.startswith("/"):
        path = f"{account.home.rstrip('/')}/{path}"
    if not path.startswith("/"):
        raise GuestError("/etc/passwd", f"the home directory of {printable(account.name)} is not an absolute path")
    return path


def with_block(content: bytes, keys: Iterable[str]) -> bytes:
    """``content`` with one block that holds exactly ``keys``: where the first one was, or at the end.

    A line that begins a block which never ends is a comment like any other: nobody
    knows whose the lines after it are.
    """
    block = BEGIN + b"".join(key.encode() + b"\n" for key in keys) + END
    others, at = [], 0
    for start, end in _blocks(content):
        others.append(content[at:start])
        at = end
    if not others:
        gap = b"" if not content or content.endswith(b"\n") else b"\n"
        return content + gap + block
    return b"".join([others[0], block, *others[1:], content[at:]])


def keys_of(content: bytes) -> set[tuple[str, str]]:
    """Type and blob of every key that stands in the file without options."""
    words = (line.split() for line in content.decode("utf-8", "replace").splitlines())
    return {(each[0], each[1]) for each in words if len(each) > 1 and not each[0].startswith("#")}


def identity_of(key: str) -> tuple[str, str]:
    """Type and blob of one ``type blob [comment]`` line."""
    words = key.split()
    return words[0], words[1]


def is_key(line: str) -> bool:
    """Whether ``line`` is one public key without options, fit to be written as one line."""
    return line.isprintable() and _KEY.fullmatch(line) is not None


def _blocks(content: bytes) -> Iterator[tuple[int, int]]:
    """Where each block begins and ends. A BEGIN whose END is gone swallows nothing of what stands before the next."""
    start = None
    for marker in _MARKER.finditer(content):
        if marker[1] == b"BEGIN":
            start = marker.start()
        elif start is not None:
            yield start, marker.end()
            start = None


def _expanded(pattern: str, account: Account) -> str:
    values = {"%": "%", "h": account.home, "u": account.name, "U": str(account.uid)}
    for token in _TOKEN.findall(pattern):
        if token not in values:
            raise GuestError("/etc/ssh/sshd_config", f"AuthorizedKeysFile: %{printable(token)} is not known")
    return _TOKEN.sub(lambda match: values[match.group(1)], pattern)
