"""Guests' trees as data: built on disk, read back, compared whole."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Union

ROOT = (0, 0)


@dataclass(frozen=True)
class File:
    """A regular file. Text stands for its bytes in UTF-8."""

    content: str | bytes = b""
    mode: int = 0o644
    owner: tuple[int, int] = ROOT

    def __post_init__(self) -> None:
        if isinstance(self.content, str):
            object.__setattr__(self, "content", self.content.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True)
class Dir:
    """A directory. Those on the way to another path need not be named when they are plain."""

    mode: int = 0o755
    owner: tuple[int, int] = ROOT


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str
    owner: tuple[int, int] = ROOT


@dataclass(frozen=True)
class Hardlink:
    """A further name of the file at ``path``, which comes first in the alphabet."""

    path: str


@dataclass(frozen=True)
class Fifo:
    """A named pipe."""

    mode: int = 0o644
    owner: tuple[int, int] = ROOT


Entry = Union[File, Dir, Link, Hardlink, Fifo]
Tree = Mapping[str, Entry]


def build(root: Path, tree: Tree) -> None:
    """Make ``tree`` below the directory ``root``, whatever the umask."""
    for path, entry in whole(tree).items():
        place = Path(f"{root}{path}")
        if isinstance(entry, Hardlink):
            os.link(f"{root}{entry.path}", place)
        elif isinstance(entry, Link):
            place.symlink_to(entry.target)
            os.lchown(place, *entry.owner)
        else:
            _make(place, entry)
            os.chown(place, *entry.owner)
            place.chmod(entry.mode)


def read(root: Path) -> dict[str, Entry]:
    """Everything below ``root``, as ``build`` takes it."""
    first: dict[tuple[int, int], str] = {}
    found: dict[str, Entry] = {}
    for path, info in sorted(_below(root)):
        place, owner, mode = f"{root}{path}", (info.st_uid, info.st_gid), stat.S_IMODE(info.st_mode)
        if stat.S_ISLNK(info.st_mode):
            found[path] = Link(os.readlink(place), owner)
        elif stat.S_ISDIR(info.st_mode):
            found[path] = Dir(mode, owner)
        elif stat.S_ISFIFO(info.st_mode):
            found[path] = Fifo(mode, owner)
        elif first.setdefault((info.st_dev, info.st_ino), path) != path:
            found[path] = Hardlink(first[info.st_dev, info.st_ino])
        else:
            found[path] = File(Path(place).read_bytes(), mode, owner)
    return found


def whole(tree: Tree) -> dict[str, Entry]:
    """``tree`` with the directories on the way to its paths, in the order in which they can be made."""
    every = {parent: Dir() for path in tree for parent in parents(path)}
    return dict(sorted({**every, **tree}.items()))


def parents(path: str) -> list[str]:
    """The directories on the way to ``path``, the root left out."""
    names = path.split("/")[1:-1]
    return ["/" + "/".join(names[: n + 1]) for n in range(len(names))]


def fingerprint(root: Path) -> dict[str, tuple[object, ...]]:
    """All that can tell whether anything below ``root`` was touched, but for the time of reading."""
    found = {}
    for path, info in _below(root):
        content = b"" if not stat.S_ISREG(info.st_mode) else Path(f"{root}{path}").read_bytes()
        times = info.st_mtime_ns, info.st_ctime_ns
        found[path] = (info.st_ino, info.st_mode, info.st_uid, info.st_gid, *times, hashlib.sha256(content).hexdigest())
    return found


def _make(place: Path, entry: File | Dir | Fifo) -> None:
    if isinstance(entry, File):
        assert isinstance(entry.content, bytes)
        place.write_bytes(entry.content)
    elif isinstance(entry, Dir):
        place.mkdir()
    else:
        os.mkfifo(place)


def _below(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    for directory, directories, files in os.walk(root):
        for name in (*directories, *files):
            place = f"{directory}/{name}"
            yield place[len(str(root)) :], os.lstat(place)
