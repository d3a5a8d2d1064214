"""Remove the private SSH keys of accounts

A private key in a home directory opens, from every clone, whatever its owner may log in to.
Overwritten and removed are id_* and identity with their public halves and certificates, every
other file of ~/.ssh that begins as a private key, and the sockets of agents and of shared
connections (ControlPath), which lead nowhere in a clone.

Kept by the profile private-template, where nodes of a cluster may trust each other by such a
key. Left on purpose: authorized_keys, known_hosts, and config, rc and environment, which are
reported, because they may name hosts, users and keys.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.patterns import quote
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation, Profile, in_homes

KEYS = tuple(f"{{home}}/.ssh/{name}" for name in ("id_*", "identity", "identity.pub", "agent/*"))
SETTINGS = tuple(f"{{home}}/.ssh/{name}" for name in ("config", "config.d/*", "rc", "environment"))
LIMIT = 1 << 16
"""Bytes of the longest private key: one of RSA with 16384 bits has 13000."""

_PRIVATE = re.compile(
    rb"\s*(?:-----BEGIN [A-Z ]*PRIVATE KEY|---- BEGIN SSH2 ENCRYPTED|PuTTY-User-Key-File|SSH PRIVATE)"
)


def _others(guest: Guest) -> Iterator[Action]:
    for home in guest.homes:
        for path in guest.tree.glob(f"{quote(home)}/.ssh/*"):
            named = path.rpartition("/")[2].startswith("id_") or path.endswith(("/identity", "/identity.pub"))
            if not named and _is_secret(guest, path):
                yield Remove(path, secret=True)


def _is_secret(guest: Guest, path: str) -> bool:
    info = guest.tree.lstat(path)
    if info is None or not stat.S_ISREG(info.st_mode):
        return info is not None and stat.S_ISSOCK(info.st_mode)
    return info.st_size <= LIMIT and _PRIVATE.match(guest.tree.read(path, limit=2 * LIMIT) or b"") is not None


def _found(guest: Guest) -> Iterator[Finding]:
    for full in (full for pattern in SETTINGS for full in in_homes(guest, pattern)):
        for path in guest.tree.glob(full):
            yield Finding(path, "may name hosts, users and keys", "look at it, and remove what clones must not have")


OPERATION = Operation(kind=Kind.SECRET, remove=KEYS, also=_others, findings=_found, profiles=(Profile.PUBLIC,))
