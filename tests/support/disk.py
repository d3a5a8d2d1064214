"""Reading a powered-off disk from outside, with nothing of guestseal's: e2fsprogs, qemu-img and the raw bytes."""

from __future__ import annotations

import errno
import os
import re
import stat
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

CHUNK = 16 << 20
TIMEOUT = 300.0
JOURNAL_INODE = 8  # ext4's own: no name leads to it


@dataclass(frozen=True)
class Entry:
    """One name in a directory."""

    inode: int
    mode: int
    size: int

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory, and not a link to one."""
        return stat.S_ISDIR(self.mode)

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return stat.S_ISREG(self.mode)


@dataclass(frozen=True)
class Hit:
    """Where a pattern stands on the disk, and what that place belongs to."""

    pattern: str
    offset: int
    block: int
    owner: str

    def __str__(self) -> str:
        return f"{self.pattern} at byte {self.offset}, block {self.block}: {self.owner}"


class Ext4:
    """An unmounted ext4 image: no journal replay, no mount, nothing is written. Paths are absolute in it."""

    def __init__(self, image: Path) -> None:
        self.image = image
        header = self._debugfs("show_super_stats -h").decode()
        self._block_size = int(re.findall(r"^Block size:\s+(\d+)", header, re.MULTILINE)[0])
        self.is_clean = "needs_recovery" not in header
        """Whether the file system was unmounted: all that the journal held is in its place."""

    def read(self, path: str) -> bytes | None:
        """The content of a file; None: there is no such file. Links are not followed."""
        return self._debugfs(f'cat "{path}"') if self.entry(path) is not None else None

    def entry(self, path: str) -> Entry | None:
        """What the last component of ``path`` is."""
        directory, _, name = path.rpartition("/")
        return (self.entries(directory or "/") or {}).get(name)

    def entries(self, directory: str) -> dict[str, Entry] | None:
        """What stands in a directory, by name; None: there is no such directory."""
        try:
            lines = self._debugfs(f'ls -p "{directory}"').decode("utf-8", "surrogateescape").splitlines()
        except FileNotFoundError:
            return None
        found = {}
        for line in lines:
            fields = line.split("/")  # "/inode/mode/uid/gid/name/size/", and inode 0 where a name was
            if len(fields) > 6 and fields[1] != "0" and fields[5] not in (".", ".."):
                found[fields[5]] = Entry(int(fields[1]), int(fields[2], 8), int(fields[6] or 0))
        return found

    def walk(self, directory: str) -> Iterator[tuple[str, Entry]]:
        """Everything below a directory, with its path."""
        for name, entry in sorted((self.entries(directory) or {}).items()):
            path = f"{directory.rstrip('/')}/{name}"
            yield path, entry
            if entry.is_directory:
                yield from self.walk(path)

    def copy_out(self, directory: str, to: Path) -> None:
        """Copy a directory with all it holds to the same place below ``to``, as far as it is there."""
        if self.entries(directory) is not None:
            target = to / directory.rpartition("/")[0].lstrip("/")
            target.mkdir(parents=True, exist_ok=True)
            self._debugfs(f'rdump "{directory}" "{target}"')

    def search(self, patterns: Mapping[str, bytes], *, most: int = 20) -> list[Hit]:
        """Every place on the raw disk where a pattern stands, with its owner; ``most`` of each pattern."""
        found: dict[str, list[int]] = {}
        for name, offset in occurrences(self.image, patterns):
            found.setdefault(name, []).append(offset)
        places = [(name, offset) for name in found for offset in sorted(found[name])[:most]]
        owners = self.owners({offset // self._block_size for _, offset in places})
        return [Hit(name, at, at // self._block_size, owners[at // self._block_size]) for name, at in places]

    def owners(self, blocks: set[int]) -> dict[int, str]:
        """What each block belongs to: a path, ext4 itself, or nothing."""
        if not blocks:
            return {}
        table = self._debugfs(f"icheck {' '.join(map(str, sorted(blocks)))}").decode()
        inodes = {int(block): int(inode) for block, inode in re.findall(r"^(\d+)\t(\d+)$", table, re.MULTILINE)}
        asked = " ".join(str(inode) for inode in sorted(set(inodes.values())))
        names = self._debugfs(f"ncheck {asked}").decode("utf-8", "surrogateescape") if asked else ""
        paths = {int(inode): path for inode, path in re.findall(r"^(\d+)\t(.*)$", names, re.MULTILINE)}
        paths[JOURNAL_INODE] = "the journal of ext4"
        return {
            block: paths.get(inodes[block], f"inode {inodes[block]} without a name")
            if block in inodes
            else self._kind(block)
            for block in blocks
        }

    def _kind(self, block: int) -> str:
        return "a free block" if b"not in use" in self._debugfs(f"testb {block}") else "metadata of ext4"

    def _debugfs(self, command: str) -> bytes:
        done = subprocess.run(
            ["debugfs", "-R", command, str(self.image)],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBUGFS_PAGER": "cat"},
            capture_output=True,
            timeout=TIMEOUT,
            check=True,
        )
        said = b"\n".join(line for line in done.stderr.splitlines() if not line.startswith(b"debugfs 1."))
        if b"File not found" in said or b"Ext2 inode is not a directory" in said:
            raise FileNotFoundError(f"{self.image}: {command}: {said.decode()}")
        assert not said, f"{self.image}: {command}: {said.decode()}"
        return done.stdout


def data_extents(file: int) -> Iterator[tuple[int, int]]:
    """Start and end of each part of a sparse file that holds data."""
    end = 0
    while True:
        try:
            start = os.lseek(file, end, os.SEEK_DATA)
        except OSError as trouble:
            if trouble.errno == errno.ENXIO:  # lseek(2): no data after this
                return
            raise
        end = os.lseek(file, start, os.SEEK_HOLE)
        yield start, end


def occurrences(image: Path, patterns: Mapping[str, bytes]) -> Iterator[tuple[str, int]]:
    """Name and offset of every pattern that a raw image holds; its holes are not read.

    Not ``grep -b``, whose offsets are wrong in files with holes.
    """
    assert all(pattern.strip(b"\0") == pattern != b"" for pattern in patterns.values()), (
        "a hole could hold a part of it"
    )
    overlap = max(map(len, patterns.values())) - 1
    with image.open("rb") as file:
        for start, end in data_extents(file.fileno()):
            for position in range(start, end, CHUNK):
                data = os.pread(file.fileno(), min(CHUNK + overlap, end - position), position)
                for name, pattern in patterns.items():
                    at = data.find(pattern, 0, CHUNK + len(pattern) - 1)
                    while at >= 0:
                        yield name, position + at
                        at = data.find(pattern, at + 1, CHUNK + len(pattern) - 1)


def to_raw(image: Path, raw: Path) -> None:
    """Write what a qcow2 image and those behind it show as one sparse raw image."""
    _qemu_img("convert", "-f", "qcow2", "-O", "raw", image, raw)


def clone(disk: Path, image: Path) -> None:
    """Make a qcow2 clone that stands on ``disk``, a raw image that must not change while the clone lives."""
    _qemu_img("create", "-q", "-f", "qcow2", "-b", disk, "-F", "raw", image)


def _qemu_img(*words: str | Path) -> None:
    subprocess.run(["qemu-img", *map(str, words)], capture_output=True, timeout=TIMEOUT, check=True)
