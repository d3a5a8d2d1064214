"""Swap: what memory once held, on the disk.

Each page of a swap area is zeroed and read back; its first page, which holds UUID, label,
size and version (mkswap(8)), is never without them: fstab and ``resume=`` go on working,
also after a power cut in between. A hibernation image lies in the pages; its signature
(kernel/power/swap.c) is replaced by that of plain swap.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guestseal.errors import CommandError, GuestError, TimedOut, printable
from guestseal.guest.root import Root
from guestseal.guest.tree import reporting
from guestseal.guest.writing import write_all
from guestseal.machine.clock import Deadline
from guestseal.machine.commands import Commands
from guestseal.scrub import kernel
from guestseal.scrub.devices import SYS, device_of
from guestseal.scrub.progress import Progress
from guestseal.scrub.raw import Raw

TABLE = "/proc/swaps"
MEMORY = "/proc/meminfo"
SPARE = 64 << 20
"""Bytes of memory that must stay free when swapped pages come back to it."""

_PAGE_SIZES = (4096, 8192, 16384, 65536)
_MAGIC = b"SWAPSPACE2"
_HIBERNATED = (b"S1SUSPEND\0", b"S2SUSPEND\0", b"ULSUSPEND\0", b"LINHIB0001")
_HEADER = 1024
"""linux/swap.h, union swap_header: before it is room for a boot loader, never swapped to."""
_FIELDS = 12 + 16 + 16
"""Version, last page and number of bad pages; UUID; label."""
_BAD_PAGES = 1536
_SLICE = 64 << 20
_TAGS = {"UUID": "by-uuid", "LABEL": "by-label", "PARTUUID": "by-partuuid", "PARTLABEL": "by-partlabel"}


@dataclass(frozen=True)
class SwapArea:
    """A swap partition or swap file."""

    name: str
    """A device node, or the path of a file inside the guest."""
    is_file: bool
    active: bool
    used: int = 0
    """Bytes swapped out to it now."""


@dataclass(frozen=True)
class Wiped:
    """What became of one swap area."""

    name: str
    size: int = 0
    """Bytes zeroed and read back as zeros."""
    why: str = ""
    """Why it was not wiped, with the remedy; empty: it was."""


def areas(root: Root, table: str = TABLE, earlier: Iterable[str] = ()) -> list[SwapArea]:
    """The swap areas in use, and those that fstab or ``earlier`` names, that exist and are not in use; zram is none."""
    active = in_use(table)
    known = {os.path.realpath(area.name) for area in active}
    found = {area.name: area for area in (*active, *_idle(root, (*_configured(root), *earlier), known))}
    return [area for area in found.values() if not _in_memory(area)]


def in_use(table: str = TABLE) -> list[SwapArea]:
    """The swap areas in use; none where the kernel knows no swap (CONFIG_SWAP) and so has no table."""
    try:
        with open(table, "rb") as file:
            lines = file.read().split(b"\n")[1:]
    except FileNotFoundError:
        return []
    return [area for area in map(_active, filter(bytes.strip, lines)) if not _in_memory(area)]


def written_back(sys: Path = SYS) -> Iterator[str]:
    """The zram devices that write pages to a disk, where nothing wipes them: a sentence each.

    Documentation/admin-guide/blockdev/zram.rst, "writeback".
    """
    for path in sorted(sys.glob("block/zram*/backing_dev")):
        disk = path.read_text().strip()
        if disk != "none":
            yield f"{path.parent.name} writes pages back to {disk}, not wiped; take its writeback away and wipe that"


class SwapWipe:
    """Wiping swap areas of one guest on the machine it runs on."""

    def __init__(self, root: Root, commands: Commands, deadline: Deadline, progress: Progress) -> None:
        self._root = root
        self._commands = commands
        self._deadline = deadline
        self._progress = progress

    def wipe(self, area: SwapArea, *, swapon: bool = False, memory: str = MEMORY) -> Wiped:
        """Take one area out of use, zero it, prove it. What is in the way is told, never raised.

        ``swapon``: use it again afterwards; otherwise the next boot does, by fstab.
        """
        try:
            with self._opened(area, os.O_RDONLY) as fd:
                header = read_header(fd, area.name)
            if area.active:
                _require_memory(area, memory)
                self._commands.run(["swapoff", self._on_machine(area)], timeout=max(1.0, self._deadline.remaining))
            size = self._zeroed(area, header)
            if area.active and swapon:
                self._commands.run(["swapon", self._on_machine(area)], timeout=60)
        except (GuestError, CommandError, TimedOut) as error:
            return Wiped(area.name, why=f"swap {printable(area.name)}: not wiped: {error}")
        return Wiped(area.name, size)

    def _zeroed(self, area: SwapArea, header: bytes) -> int:
        # O_EXCL without O_CREAT, open(2): fails while the device is in use, as swap or mounted.
        exclusive = 0 if area.is_file else os.O_EXCL
        with self._opened(area, os.O_WRONLY | exclusive) as fd, reporting(area.name):
            size = os.lseek(fd, 0, os.SEEK_END)
            for at in range(len(header), size, _SLICE):
                self._require_time(f"zeroed up to {at >> 20} of {size >> 20} MiB")
                _write_zeros(fd, at, min(_SLICE, size - at), is_file=area.is_file)
                self._progress(f"wiping swap {area.name}", at, size)
            write_all(fd, header)
            os.fsync(fd)
        with self._opened(area, os.O_RDONLY | os.O_DIRECT) as fd, reporting(area.name):
            self._require_zeros(area.name, fd, header)
        return size - len(header)

    def _require_zeros(self, name: str, fd: int, header: bytes) -> None:
        raw, expected, zeros = Raw(fd, self._deadline), header, b""
        for start, end in raw:
            pages = start + len(expected)
            if raw.buffer[start:pages] != expected:
                raise GuestError(name, "its header does not read back as it was written; run mkswap on it")
            expected = b""
            zeros = zeros if len(zeros) == end - pages else bytes(end - pages)
            if raw.buffer[pages:end] != zeros:
                raise GuestError(name, "it does not read back as zeros; the disk did not do what it was told")
        if raw.unreadable:
            raise GuestError(name, f"{raw.unreadable} bytes of it cannot be read back")
        if not raw.complete:
            self._require_time(f"read back {raw.read >> 20} of {raw.size >> 20} MiB")

    def _require_time(self, reached: str) -> None:
        if self._deadline.passed:
            raise TimedOut(f"{reached}, the time was over")

    @contextmanager
    def _opened(self, area: SwapArea, flags: int) -> Iterator[int]:
        if area.is_file:
            with self._root.looked_at(area.name, follow=False) as looked:
                if looked is None:
                    raise GuestError(area.name, "not there any more; it was deleted while it was in use")
                with self._root.opened_file(area.name, looked, flags) as fd:
                    yield fd
            return
        device = device_of(area.name)
        if device is None:
            raise GuestError(area.name, "no block device under this name in /dev; is this a container?")
        with device.opened(flags) as fd:
            yield fd

    def _on_machine(self, area: SwapArea) -> str:
        return self._root.path.rstrip("/") + area.name if area.is_file else area.name


def read_header(fd: int, name: str) -> bytes:
    """The first page that an area is to have: what mkswap(8) wrote, without traces of hibernation.

    Raises GuestError when it is not Linux swap of version 1.
    """
    with reporting(name):
        page = os.pread(fd, max(_PAGE_SIZES), 0)
    for size in _PAGE_SIZES:
        magic = page[size - len(_MAGIC) : size]
        if magic == _MAGIC or magic in _HIBERNATED:
            break
    else:
        raise GuestError(name, "no swap signature in its first page; run mkswap on it, or take it out of fstab")
    version, _, bad = struct.unpack_from("=LLL", page, _HEADER)
    if version != 1 or _BAD_PAGES + 4 * bad > size - len(_MAGIC):
        raise GuestError(name, f"swap of version {version}, of which guestseal knows nothing; run mkswap on it")
    fields = page[: _HEADER + _FIELDS].ljust(_BAD_PAGES, b"\0") + page[_BAD_PAGES : _BAD_PAGES + 4 * bad]
    return fields.ljust(size - len(_MAGIC), b"\0") + _MAGIC


def _write_zeros(fd: int, start: int, length: int, *, is_file: bool) -> None:
    if not is_file:
        kernel.zero_out(fd, start, length)
        return
    # All of it: swap pages go to the blocks of fallocated extents directly, which lseek(2) still calls holes.
    piece = bytes(min(length, 1 << 20))
    for at in range(start, start + length, len(piece)):
        write_all(fd, piece[: start + length - at], at)


def _active(line: bytes) -> SwapArea:
    """One line of /proc/swaps: proc(5)."""
    name, kind, _, used = line.split()[:4]
    path = re.sub(rb"\\([0-7]{3})", lambda match: bytes([int(match.group(1), 8)]), name)
    return SwapArea(os.fsdecode(path), kind == b"file", True, int(used) << 10)


def _in_memory(area: SwapArea) -> bool:
    """Whether it is zram, which holds its pages in memory (Documentation/admin-guide/blockdev/zram.rst)."""
    return os.path.basename(area.name).startswith("zram")


def _configured(root: Root) -> Iterator[str]:
    """The names of the swap areas of fstab(5)."""
    for line in (root.read_text("/etc/fstab") or "").splitlines():
        words = line.split()
        if line.startswith("#") or len(words) < 3 or words[2] != "swap":
            continue
        tag, _, value = words[0].partition("=")
        yield f"/dev/disk/{_TAGS[tag]}/{value.strip(chr(34))}" if tag in _TAGS else words[0]


def _idle(root: Root, names: Iterable[str], known: set[str]) -> Iterator[SwapArea]:
    """Those that exist and are not in use: one may hold a hibernation image, or what a shutdown has left of its use."""
    for name in names:
        if os.path.realpath(name) in known:
            continue
        if device_of(name) is not None:
            yield SwapArea(os.path.realpath(name), is_file=False, active=False)
        elif root.is_file(name) if name.startswith("/") else False:
            yield SwapArea(root.resolve(name) or name, is_file=True, active=False)


def _require_memory(area: SwapArea, memory: str) -> None:
    with open(memory, "rb") as file:
        found = re.search(rb"^MemAvailable:\s*(\d+) kB", file.read(), re.MULTILINE)
    available = int(found.group(1)) << 10 if found else 0
    if area.used and area.used + SPARE > available:
        raise GuestError(
            area.name,
            f"{area.used >> 20} MiB are swapped out and only {available >> 20} MiB of memory are free; "
            "stop what uses memory and run the command again",
        )
