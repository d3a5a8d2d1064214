"""What is inside an initramfs, read without unpacking it anywhere.

An image is a row of cpio archives in the format "newc", each plain or compressed, with zeros
between them (kernel documentation, Early userspace, buffer-format): an early one with
microcode comes first. A unified kernel image is a PE file that has one in its section
``.initrd`` (UAPI group, Unified Kernel Image), and the kernel's command line in ``.cmdline``.
Memory does not grow with the image.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

from guestseal.check.decompression import Reader, unpacked
from guestseal.errors import GuestError
from guestseal.guest.tree import Tree, reporting
from guestseal.machine.commands import Commands
from guestseal.machine.pipes import PIECE

KEPT = 1 << 20
UNPACKED = 4 << 30
"""Bytes an archive may unpack to: one with every driver and firmware takes a tenth."""
MEMBERS = 1_000_000
ARCHIVES = 1000

_HEADER = 110
_LONGEST_NAME = 4096  # PATH_MAX: the kernel skips a longer one
_TRAILER = "TRAILER!!!"
_SECTIONS = 96  # the PE format's own limit


@dataclass(frozen=True)
class Member:
    """One file, directory, link or node of an initramfs."""

    name: str
    """As in the archive, without the leading ``/`` or ``./``."""
    mode: int
    """Type and permissions, as st_mode."""
    data: bytes | None = field(repr=False)
    """The content, or a link's target; None: it is larger than was asked for."""


@dataclass(frozen=True)
class _Bounds:
    """How much of an image is taken: bytes of the content of a member, and bytes that an archive unpacks to."""

    kept: int
    unpacked: int


def members(
    tree: Tree, path: str, *, kept: int = KEPT, limit: int = UNPACKED, commands: Commands | None = None
) -> Iterator[Member]:
    """Every member of the initramfs or unified kernel image at ``path``, in order.

    ``kept``: bytes of content that a member is given with at most; ``limit``: bytes that an
    archive may unpack to. A PE file without the sections has none. Raises NotLookedInto where a
    program to unpack it is missing, TooLarge when it unpacks to more, GuestError when it is
    malformed or not there: members that were given before are as they are in the image.
    """
    commands = commands or Commands()
    with tree.looked_at(path, follow=True) as looked:
        if looked is None:
            raise GuestError(path, "is not there")
        with tree.opened_file(path, looked, os.O_RDONLY) as fd, reporting(path):
            for count, member in enumerate(_image(path, fd, _Bounds(kept, limit), commands)):
                if count == MEMBERS:
                    raise GuestError(path, f"has more than {MEMBERS} members: not looked at to the end")
                yield member


def _image(path: str, fd: int, bounds: _Bounds, commands: Commands) -> Iterator[Member]:
    size = os.fstat(fd).st_size
    if os.pread(fd, 2, 0) != b"MZ":
        yield from _archives(_range(path, fd, 0, size), bounds, commands)
        return
    for name, start, length in _sections(path, fd):
        section = _range(path, fd, start, length)
        if name in (".initrd", ".ucode"):
            yield from _archives(section, bounds, commands)
        elif name == ".cmdline":
            data = section.read(length) if length <= bounds.kept else None
            yield Member(name, stat.S_IFREG | 0o444, None if data is None else data.rstrip(b"\0"))


def _range(path: str, fd: int, start: int, length: int) -> Reader:
    def pieces() -> Iterator[bytes]:
        at, end = start, start + length
        while at < end:
            piece = os.pread(fd, min(PIECE, end - at), at)
            if not piece:
                return
            at += len(piece)
            yield piece

    return Reader(path, pieces(), length)


def _sections(path: str, fd: int) -> Iterator[tuple[str, int, int]]:
    """Name, place and size of each section: PE Format, "Section Table"."""
    start = int.from_bytes(os.pread(fd, 4, 0x3C), "little")
    head = os.pread(fd, 24, start)
    if not head.startswith(b"PE\0\0") or len(head) < 24:
        raise GuestError(path, "begins like a PE file and is none")
    count, optional = int.from_bytes(head[6:8], "little"), int.from_bytes(head[20:22], "little")
    if count > _SECTIONS:
        raise GuestError(path, f"has more than {_SECTIONS} sections")
    table = os.pread(fd, count * 40, start + 24 + optional)
    for at in range(0, len(table) - 39, 40):
        used, stored, place = (int.from_bytes(table[at + n : at + n + 4], "little") for n in (8, 16, 20))
        yield table[at : at + 8].rstrip(b"\0").decode("latin-1"), place, min(used, stored)


def _archives(reader: Reader, bounds: _Bounds, commands: Commands) -> Iterator[Member]:
    """The members of every archive, plain and compressed."""
    for _ in range(ARCHIVES):
        magic = _after_zeros(reader)
        if not magic:
            return
        if magic.startswith(b"0707"):
            yield from _archive(reader, bounds.kept)
        else:
            yield from _plain_archives(Reader(reader.path, unpacked(reader, commands), bounds.unpacked), bounds.kept)
    raise GuestError(reader.path, f"holds more than {ARCHIVES} archives: not looked at to the end")


def _plain_archives(reader: Reader, kept: int) -> Iterator[Member]:
    for _ in range(ARCHIVES):
        if not _after_zeros(reader):
            return
        yield from _archive(reader, kept)
    raise GuestError(reader.path, f"holds more than {ARCHIVES} archives: not looked at to the end")


def _after_zeros(reader: Reader) -> bytes:
    """The first bytes of the next archive; empty: there is none."""
    while True:
        piece = reader.piece(4096)
        rest = piece.lstrip(b"\0")
        if rest or not piece:
            reader.give_back(rest)
            return reader.peek(6)


def _archive(reader: Reader, kept: int) -> Iterator[Member]:
    """The members of the cpio archive that ``reader`` stands at: buffer-format, "newc"."""
    start = reader.position
    while True:
        header = reader.read(_HEADER)
        mode, size, name_size = _numbers(reader.path, header)
        name = os.fsdecode(reader.read(name_size).rstrip(b"\0"))
        _align(reader, start)
        if name == _TRAILER:
            return
        if size <= kept:
            data: bytes | None = reader.read(size)
        else:
            data = None
            reader.skip(size)
        _align(reader, start)
        yield Member(name[2:] if name.startswith("./") else name.lstrip("/"), mode, data)


def _numbers(path: str, header: bytes) -> tuple[int, int, int]:
    """Mode, size of the content, and size of the name with its NUL."""
    try:
        values = bytes.fromhex(header[6:].decode("ascii"))
    except ValueError:
        values = b""
    # fromhex passes over spaces, which may not stand there.
    if header[:6] not in (b"070701", b"070702") or len(values) != (_HEADER - 6) // 2:
        raise GuestError(path, "holds a damaged archive, or one in another format than newc")
    mode, size, name_size = (int.from_bytes(values[n : n + 4], "big") for n in (4, 24, 44))
    if not 0 < name_size <= _LONGEST_NAME:
        raise GuestError(path, "holds an archive with a name of an impossible length")
    return mode, size, name_size


def _align(reader: Reader, start: int) -> None:
    """Go on to a multiple of four bytes; the last archive may end before."""
    for _ in reader.up_to((start - reader.position) % 4):
        pass
