"""Compressed data inside a larger file: where it ends, and what is in it.

The compressions are those the kernel takes for an initramfs (lib/decompress.c). Python's
own libraries say where their data ended; zstd and lz4 are the host's programs, which read to
the end of what they get, so they are given one frame and no more: RFC 8878 and lz4's
doc/lz4_Frame_format.md say where it ends.
"""

from __future__ import annotations

import bz2
import lzma
import shutil
import zlib
from collections.abc import Iterator
from typing import Callable

from guestseal.errors import CommandError, GuestError, TooLarge
from guestseal.machine.commands import Commands
from guestseal.machine.pipes import PIECE, through

LZMA_MEMORY = 256 << 20
"""Bytes a decoder may take: four times what ``xz -9`` needs."""
SILENCE = 60.0

_ZSTD, _LZ4, _LZ4_LEGACY = b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18"
_LZ4_LEGACY_BLOCK = (8 << 20) + (8 << 20) // 255 + 16
_LZ4_BLOCK = (4 << 20) + (4 << 20) // 255 + 16


class NotLookedInto(GuestError):
    """The compression is not one that can be read on this machine: nothing is known of what is in it."""


class Reader:
    """Bytes that come in pieces, read in order; ``path`` is what errors speak of.

    Raises TooLarge when more than ``limit`` bytes come, GuestError where they end too early.
    """

    def __init__(self, path: str, pieces: Iterator[bytes], limit: int) -> None:
        self.path = path
        self.position = 0
        self._pieces = pieces
        self._left = limit
        self._buffer = b""
        self._at = 0

    def piece(self, most: int = PIECE) -> bytes:
        """The next bytes, as many as have come and ``most`` at most; empty at the end."""
        if self._at == len(self._buffer):
            self._buffer, self._at = next(self._pieces, b""), 0
            self._left -= len(self._buffer)
            if self._left < 0:
                raise TooLarge(self.path, "unpacks to more than an initramfs holds: not looked at to the end")
        taken = self._buffer[self._at : self._at + most]
        self._at += len(taken)
        self.position += len(taken)
        return taken

    def give_back(self, data: bytes) -> None:
        """Read ``data``, the end of what was read, once more."""
        self.position -= len(data)
        if self._at >= len(data):
            self._at -= len(data)
        else:
            self._buffer, self._at = data + self._buffer[self._at :], 0

    def read(self, count: int) -> bytes:
        """Exactly ``count`` bytes."""
        return b"".join(self.up_to(count, exactly=True))

    def skip(self, count: int) -> None:
        """Go on by ``count`` bytes without keeping them."""
        for _ in self.up_to(count, exactly=True):
            pass

    def peek(self, count: int) -> bytes:
        """The next ``count`` bytes, fewer at the end, which are read again."""
        data = b"".join(self.up_to(count))
        self.give_back(data)
        return data

    def up_to(self, count: int, *, exactly: bool = False) -> Iterator[bytes]:
        """The next ``count`` bytes in pieces; fewer at the end, which ``exactly`` does not allow."""
        while count:
            piece = self.piece(count)
            if not piece:
                if exactly:
                    raise GuestError(self.path, "ends in the middle of an archive")
                return
            count -= len(piece)
            yield piece


def unpacked(reader: Reader, commands: Commands) -> Iterator[bytes]:
    """The content of the compressed data that ``reader`` stands at, in pieces; afterwards it stands behind it.

    Raises NotLookedInto where this machine cannot read it, GuestError for what is malformed.
    """
    magic = reader.peek(6)
    try:
        for known, unpack in _LIBRARIES.items():
            if magic.startswith(known):
                yield from unpack(reader)
                return
        for known, (program, frame) in _PROGRAMS.items():
            if magic.startswith(known):
                yield from _by_program(reader, program, frame(reader), commands)
                return
    except (zlib.error, lzma.LZMAError, OSError, EOFError, CommandError) as error:
        raise GuestError(reader.path, "its compressed data are damaged") from error
    if magic.startswith(b"\x89LZO"):
        raise NotLookedInto(reader.path, "not looked into: lzo is not supported")
    raise GuestError(reader.path, "holds something that is no archive of an initramfs")


def _gzip(reader: Reader) -> Iterator[bytes]:
    engine = zlib.decompressobj(31)  # gzip's header and trailer
    while not engine.eof:
        data = engine.unconsumed_tail or reader.piece()
        piece = engine.decompress(data, PIECE)
        if piece:
            yield piece
        elif not data:
            raise GuestError(reader.path, "ends in the middle of its compressed data")
    reader.give_back(engine.unused_data)


def _by_library(reader: Reader, engine: lzma.LZMADecompressor | bz2.BZ2Decompressor) -> Iterator[bytes]:
    while not engine.eof:
        data = reader.piece() if engine.needs_input else b""
        if engine.needs_input and not data:
            raise GuestError(reader.path, "ends in the middle of its compressed data")
        piece = engine.decompress(data, PIECE)
        if piece:
            yield piece
    reader.give_back(engine.unused_data)


def _xz(reader: Reader) -> Iterator[bytes]:
    return _by_library(reader, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LZMA_MEMORY))


def _lzma(reader: Reader) -> Iterator[bytes]:
    return _by_library(reader, lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=LZMA_MEMORY))


def _bzip2(reader: Reader) -> Iterator[bytes]:
    return _by_library(reader, bz2.BZ2Decompressor())


def _by_program(reader: Reader, program: str, frame: Iterator[bytes], commands: Commands) -> Iterator[bytes]:
    if shutil.which(program, path=commands.environment["PATH"]) is None:
        raise NotLookedInto(reader.path, f"not looked into: {program} is not installed")
    return through([program, "-dc"], frame, environment=commands.environment, silence=SILENCE)


def _zstd_frame(reader: Reader) -> Iterator[bytes]:
    """One frame: RFC 8878, section 3.1.1."""
    magic_and_descriptor = reader.read(5)
    descriptor = magic_and_descriptor[4]
    single = bool(descriptor & 0x20)
    size_bytes = (int(single), 2, 4, 8)[descriptor >> 6]
    yield magic_and_descriptor + reader.read((not single) + (0, 1, 2, 4)[descriptor & 3] + size_bytes)
    last = 0
    while not last:
        header = reader.read(3)
        value = int.from_bytes(header, "little")
        last, kind, size = value & 1, value >> 1 & 3, value >> 3
        yield header
        yield from reader.up_to(1 if kind == 1 else size, exactly=True)  # 1: one byte that is repeated
    if descriptor & 4:
        yield reader.read(4)  # the checksum


def _lz4_frame(reader: Reader) -> Iterator[bytes]:
    head = reader.read(6)
    flags = head[4]
    yield head + reader.read((flags >> 3 & 1) * 8 + (flags & 1) * 4 + 1)
    while True:
        word = reader.read(4)
        yield word
        size = int.from_bytes(word, "little") & 0x7FFFFFFF
        if not size:
            break
        if size > _LZ4_BLOCK:
            raise GuestError(reader.path, "holds a block of lz4 that is too large")
        yield from reader.up_to(size + (flags >> 4 & 1) * 4, exactly=True)
    if flags & 4:
        yield reader.read(4)


def _lz4_legacy_frame(reader: Reader) -> Iterator[bytes]:
    """The kernel's own (``lz4 -l``): blocks to the end of the data, or to what cannot be one."""
    yield reader.read(4)
    while True:
        word = reader.peek(4)
        size = int.from_bytes(word, "little")
        if len(word) < 4 or not 0 < size <= _LZ4_LEGACY_BLOCK:
            return
        yield from reader.up_to(4 + size, exactly=True)


_LIBRARIES: dict[bytes, Callable[[Reader], Iterator[bytes]]] = {
    b"\x1f\x8b": _gzip,
    b"\xfd7zXZ\0": _xz,
    b"\x5d\0\0": _lzma,
    b"BZh": _bzip2,
}
_PROGRAMS: dict[bytes, tuple[str, Callable[[Reader], Iterator[bytes]]]] = {
    _ZSTD: ("zstd", _zstd_frame),
    _LZ4: ("lz4", _lz4_frame),
    _LZ4_LEGACY: ("lz4", _lz4_legacy_frame),
}
