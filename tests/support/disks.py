"""Disks for tests: loop devices on sparse files, filesystems on them, and what is really written there.

Nothing here touches a disk, filesystem or swap area of this machine's own.
"""

from __future__ import annotations

import mmap
import os
import secrets
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="loop devices and mounts need root")

EXT4 = ("mkfs.ext4", "-q", "-F", "-b", "4096")
EXT4_SMALL = ("mkfs.ext4", "-q", "-F", "-b", "1024")
XFS = ("mkfs.xfs", "-q", "-f")
BTRFS = ("mkfs.btrfs", "-q", "-f")
DIRECTORIES = ("etc", "root", "home", "var/log")


@dataclass(frozen=True)
class Disk:
    """A loop device on a sparse file."""

    image: Path
    node: str

    @property
    def name(self) -> str:
        """The kernel's name of it."""
        return os.path.basename(self.node)

    def mounted(self, action: Callable[[Path], str], options: str = "") -> str:
        """What ``action`` returns for the mounted filesystem, run in a process with mounts of its own."""
        top = self.image.with_suffix(".mounted")
        top.mkdir(exist_ok=True)

        def act() -> str:
            run("mount", *(("-o", options) if options else ()), self.node, str(top))
            try:
                for name in DIRECTORIES:
                    (top / name).mkdir(parents=True, exist_ok=True)
                return action(top)
            finally:
                run("umount", str(top))

        return in_child(act, namespaces=NEW_MOUNTS)

    def holds(self, *needles: bytes) -> int:
        """How many of the needles are in the file, read by nothing of guestseal's."""
        os.sync() if not needles else None
        with self.image.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return sum(1 for needle in needles if content.find(needle) >= 0)


@contextmanager
def disk(directory: Path, size: int, *make: str) -> Iterator[Disk]:
    """A disk with a new filesystem, or an empty one; gone at the end, with its file."""
    image = directory / f"{secrets.token_hex(4)}.img"
    with image.open("wb") as file:
        file.truncate(size)
    node = ""
    try:
        if make:
            try:
                run(*make, str(image))
            except FileNotFoundError:
                pytest.skip(f"no {make[0]}")
        node = run("losetup", "--find", "--show", str(image)).strip()
        yield Disk(image, node)
    finally:
        if node:
            run("losetup", "--detach", node)
        image.unlink()


def run(*words: str) -> str:
    """Run a program to its end; what it said."""
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60).stdout


@dataclass
class Secrets:
    """Secret files below a directory, each with a needle that is nowhere else."""

    needles: list[bytes] = field(default_factory=list)

    def write(self, top: Path, count: int, label: str) -> list[str]:
        """Write as many, of all sizes, into the directories of the guest; their paths inside it."""
        return [self._one(top, number, label) for number in range(count)]

    def _one(self, top: Path, number: int, label: str) -> str:
        # The needle is made anew by whoever knows label and number: the child's memory ends with it.
        needle = self.needle(label, number)
        path = f"/{DIRECTORIES[number % len(DIRECTORIES)]}/{label}-{number}"
        size = (64, 400, 1700, 4096, 9000, 40_000)[number % 6]
        content = needle + secrets.token_bytes(size)
        with (top / path[1:]).open("wb") as file:
            file.write(content[:size] if size >= len(needle) else content)
            file.flush()
            os.fsync(file.fileno())
        return path

    @staticmethod
    def needle(label: str, number: int) -> bytes:
        """48 bytes that tell this secret from all others."""
        import hashlib

        return b"BEGIN SECRET " + hashlib.sha256(f"{label} {number}".encode()).hexdigest()[:35].encode()
