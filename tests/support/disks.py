"""Disks for tests: loop devices on sparse files, filesystems on them, and what is really written there.

Nothing here touches a disk, filesystem or swap area of this machine's own.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import secrets
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="loop devices and mounts need root")

EXT4 = ("mkfs.ext4", "-q", "-F", "-b", "4096")
EXT4_SMALL = ("mkfs.ext4", "-q", "-F", "-b", "1024")
XFS = ("mkfs.xfs", "-q", "-f")
BTRFS = ("mkfs.btrfs", "-q", "-f")
DIRECTORIES = ("etc", "root", "home", "var/log")
SIZES = (64, 400, 1700, 4096, 9000, 40_000)


@dataclass(frozen=True)
class Disk:
    """A loop device on a sparse file."""

    image: Path
    node: str

    @property
    def name(self) -> str:
        """The kernel's name of it."""
        return os.path.basename(self.node)

    @property
    def point(self) -> Path:
        """Where ``mounted`` mounts it."""
        return self.image.with_suffix(".mounted")

    def mounted(self, action: Callable[[Path], str], options: str = "") -> str:
        """What ``action`` returns for the mounted filesystem, run in a process with mounts of its own."""
        self.point.mkdir(exist_ok=True)

        def act() -> str:
            run("mount", *(("-o", options) if options else ()), self.node, str(self.point))
            try:
                for name in DIRECTORIES:
                    (self.point / name).mkdir(parents=True, exist_ok=True)
                return action(self.point)
            finally:
                run("umount", str(self.point))

        return in_child(act, namespaces=NEW_MOUNTS)

    def count(self, needles: list[bytes]) -> int:
        """How many of the needles are in the file, read by nothing of guestseal's."""
        with self.image.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return sum(1 for needle in needles if content.find(needle) >= 0)


@contextmanager
def disk(directory: Path, megabytes: int, *make: str) -> Iterator[Disk]:
    """A disk with a new filesystem, or an empty one; gone at the end, with its file."""
    image = directory / f"{secrets.token_hex(4)}.img"
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    node = ""
    try:
        if make:
            _make(image, *make)
        node = run("losetup", "--find", "--show", str(image)).strip()
        yield Disk(image, node)
    finally:
        if node:
            run("losetup", "--detach", node)
        image.unlink()


def run(*words: str) -> str:
    """Run a program to its end; what it said."""
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60).stdout


def secret(label: str, number: int) -> bytes:
    """48 bytes that are in this secret and nowhere else; made anew by whoever looks for them."""
    return b"BEGIN SECRET " + hashlib.sha256(f"{label} {number}".encode()).hexdigest()[:35].encode()


def write_secrets(top: Path, count: int, *labels: str) -> list[list[str]]:
    """Secrets of all sizes in the directories of the guest, each beside a file that stays; their paths by label."""
    paths: list[list[str]] = [[] for _ in labels]
    for number in range(count):
        for label, written in zip(labels, paths):
            path = f"/{DIRECTORIES[number % len(DIRECTORIES)]}/{label}-{number}"
            size = SIZES[number % len(SIZES)]
            (top / path[1:]).write_bytes((secret(label, number) + secrets.token_bytes(size))[:size])
            (top / f"{path[1:]}-neighbour").write_bytes(secrets.token_bytes(100))
            written.append(path)
    run("sync", "--file-system", str(top))
    return paths


def _make(image: Path, *make: str) -> None:
    try:
        run(*make, str(image))
    except FileNotFoundError:
        pytest.skip(f"no {make[0]}")
