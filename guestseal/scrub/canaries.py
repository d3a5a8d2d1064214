"""Canaries: files of random bytes that are deleted like secrets, and looked for afterwards.

What is found of them would have been found of a secret. Each holds one random marker,
again and again, and random bytes between, and nothing else. Markers live in memory and
are handed over in memory; nowhere but in the canaries are they on the disk.

Beside each one that is deleted lies one that is kept until the end. A secret lies between
files that stay, too: deleted all together, canaries would leave a large free piece, which
any disk discards. And the kept ones must be found, or the search sees something else than
what was written.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from guestseal.errors import GuestError, GuestsealError, NotEntered
from guestseal.guest.mounts import within
from guestseal.guest.patterns import CANARIES
from guestseal.guest.root import Root
from guestseal.scrub.devices import Filesystem
from guestseal.scrub.search import COMMON, MARKER

DIRECTORIES = ("/etc", "/root", "/home", "/var/log")
"""Where secrets lie; every other filesystem of the guest's that is on a disk gets canaries at its top."""
NEST = CANARIES
SIZES = (64, 700, 3000, 4096, 30_000, 1 << 20)
"""Bytes, of each fate in each directory: small ones are what survives (guestseal.scrub.fill)."""
KEPT_SIZE = 512
ROOM = 32 << 20
"""Bytes that must be free, so that canaries leave a guest room to be sealed in."""

_EVERY = 512  # the smallest block a disk or filesystem has: no remaining block is without a marker
_FIRMWARE = ("vfat", "msdos", "exfat")


class Fate(Enum):
    """What becomes of a canary."""

    OVERWRITTEN = "overwritten and unlinked"
    """As secrets are deleted."""
    UNLINKED = "only unlinked"
    KEPT = "kept"
    """Until the disk was looked through."""


@dataclass(frozen=True)
class Canary:
    """One of them; the path is free of links."""

    path: str
    marker: bytes = field(repr=False)
    """Never in a message: a log would put it on the disk once more."""
    fate: Fate


@dataclass(frozen=True)
class Planted:
    """The canaries of one seal, and what was known already then: handed from ``plant`` to ``finish``."""

    canaries: tuple[Canary, ...] = ()
    doubts: tuple[str, ...] = ()
    """Why the verdict cannot be "proven", as sentences."""
    swaps: tuple[str, ...] = ()
    """The swap areas that were in use: a shutdown ends that before it is told of them."""

    def of(self, *fates: Fate) -> tuple[Canary, ...]:
        """Those with one of these fates."""
        return tuple(canary for canary in self.canaries if canary.fate in fates)

    def to_bytes(self) -> bytes:
        """For handing over: in memory or below /run only, where root alone can read. It holds the markers."""
        canaries = [[canary.path, canary.marker.hex(), canary.fate.name] for canary in self.canaries]
        return json.dumps({"canaries": canaries, "doubts": self.doubts, "swaps": self.swaps}).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Planted:
        """What ``to_bytes`` gave. Raises GuestsealError for anything else."""
        try:
            document: dict[str, Any] = json.loads(content)
            canaries = (Canary(path, bytes.fromhex(marker), Fate[fate]) for path, marker, fate in document["canaries"])
            return cls(tuple(canaries), tuple(map(str, document["doubts"])), tuple(map(str, document["swaps"])))
        except (ValueError, KeyError, TypeError) as error:
            raise GuestsealError("what was handed over of the canaries is damaged: seal again") from error


def plant(root: Root, filesystems: Iterable[Filesystem], *, fates: Sequence[Fate]) -> Planted:
    """Write canaries of these fates, flushed to the disk and dropped from memory.

    A directory that cannot take them is a doubt, not an error. What an earlier seal left of
    its own is removed.
    """
    common = secrets.token_bytes(COMMON)
    canaries: list[Canary] = []
    doubts: list[str] = []
    for directory, filesystem in _places(root, [each for each in filesystems if each.writable]):
        nest = f"{directory.rstrip('/')}/{NEST}"
        try:
            root.remove(nest)
            with filesystem.entered() as fd:
                state = os.fstatvfs(fd)
            if state.f_bavail * state.f_frsize < ROOM:
                doubts.append(f"{filesystem}: no canaries in {directory}, less than {ROOM >> 20} MiB are free")
                continue
            canaries.extend(_nest(root, nest, common, fates))
        except GuestError as error:
            doubts.append(f"no canaries in {directory}: {error}")
    root.sync()
    for canary in canaries:
        _drop(root, canary.path)
    return Planted(tuple(canaries), tuple(doubts))


def delete(root: Root, planted: Planted) -> Planted:
    """Delete all but the kept ones, each in its way, and flush.

    One that sealing took away already counts as unlinked only. Raises GuestError where one resists.
    """
    canaries = []
    for canary in planted.canaries:
        if canary.fate is Fate.KEPT:
            there = root.is_file(canary.path)
        else:
            there = root.remove(canary.path, overwrite=canary.fate is Fate.OVERWRITTEN)
        canaries.append(canary if there else replace(canary, fate=Fate.UNLINKED))
    root.sync()
    return replace(planted, canaries=tuple(canaries))


def tidy(root: Root, planted: Planted) -> None:
    """Take away the kept ones and their directories. Raises GuestError."""
    for nest in sorted({canary.path.rpartition("/")[0] for canary in planted.canaries}):
        root.remove(nest)


def content(marker: bytes, size: int) -> bytes:
    """What a canary of that size holds."""
    block = _EVERY - len(marker)
    pieces = (marker + secrets.token_bytes(block) for _ in range(0, size, _EVERY))
    return b"".join(pieces)[:size]


def holding(path: str, filesystems: Iterable[Filesystem]) -> Filesystem | None:
    """The filesystem a path free of links lies on; None: on none of these."""
    candidates = (filesystem for filesystem in filesystems if within(path, filesystem.path))
    return max(candidates, key=lambda filesystem: len(filesystem.path), default=None)


def _places(root: Root, filesystems: list[Filesystem]) -> Iterator[tuple[str, Filesystem]]:
    """The directories for canaries, each with its filesystem."""
    used: set[str] = set()
    told: set[str] = set()
    for directory in DIRECTORIES:
        try:
            real = root.resolve(directory) if root.is_dir(directory) else None
        except NotEntered:  # an NFS /home is not on the guest's disk
            continue
        filesystem = None if real is None else holding(real, filesystems)
        if real is not None and filesystem is not None and real not in told:
            used.add(filesystem.number)
            told.add(real)
            yield real, filesystem
    for filesystem in filesystems:
        # Without a disk of its own it could not be looked through, and a container's overlay is gone at the sweep.
        if filesystem.number not in used and filesystem.devices and filesystem.kind not in _FIRMWARE:
            yield filesystem.path, filesystem


def _nest(root: Root, nest: str, common: bytes, fates: Sequence[Fate]) -> Iterator[Canary]:
    root.make_directory(nest, mode=0o700)
    deleted = [(size, fate) for fate in fates for size in SIZES]
    pairs = [each for one in deleted for each in (one, (KEPT_SIZE, Fate.KEPT))]
    for number, (size, fate) in enumerate(pairs):
        canary = Canary(f"{nest}/{number}", common + secrets.token_bytes(MARKER - COMMON), fate)
        root.replace(canary.path, content(canary.marker, size), mode=0o600)
        yield canary


def _drop(root: Root, path: str) -> None:
    with root.looked_at(path, follow=False) as looked:
        if looked is not None:
            with root.opened_file(path, looked, os.O_RDONLY) as fd:
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
