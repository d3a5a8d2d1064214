"""Disks as files: /dev, /proc and /sys of a machine that a test makes up."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from support.machine import FakeCommands, machine

from guestseal.machine.host import Machine
from guestseal.machine.partition_table import BIOS_BOOT, EFI_SYSTEM
from guestseal.machine.storage import Room, Storage

LINUX_GUID = "0fc63daf-8483-4772-8e79-3d69d8477de4"
BOOT_CODE = b"\xebc\x90GRUB"
GIB = 1 << 30
ROOMY = Room(4 * GIB, 8 * GIB, 100_000, 200_000)


def msdos(*types: int, code: bytes = BOOT_CODE) -> bytes:
    """The first sector of a disk with an MBR's partition table."""
    entries = b"".join(bytes((0, 0, 0, 0, kind)) + bytes(11) for kind in types).ljust(64, b"\0")
    return code.ljust(446, b"\0") + entries + b"\x55\xaa"


def gpt(*types: str, code: bytes = BOOT_CODE, sector: int = 512) -> bytes:
    """The first sectors of a disk with a GPT."""
    header = b"EFI PART" + bytes(64) + (2).to_bytes(8, "little") + (128).to_bytes(4, "little") * 2 + bytes(4)
    entries = b"".join(uuid.UUID(kind).bytes_le.ljust(128, b"\1") for kind in types).ljust(128 * 128, b"\0")
    return msdos(0xEE, code=code).ljust(sector, b"\0") + header.ljust(sector, b"\0") + entries


GPT = gpt(LINUX_GUID, BIOS_BOOT, EFI_SYSTEM[0])
"""As the cloud images of Debian and Ubuntu have it."""


@dataclass(frozen=True)
class Part:
    """A partition or volume. ``point``: where it is mounted; empty: nowhere."""

    name: str
    start: int = 2048
    point: str = ""
    slaves: Sequence[str] = ()
    kind: str = "ext4"


class FakeStorage(Storage):
    """Disks as given, in a directory of their own; everywhere is as much room as is said."""

    def __init__(self, commands: FakeCommands, root: str, room: Room) -> None:
        super().__init__(commands, root=root)
        self._room = room

    def room(self, path: str) -> Room:
        return self._room


def lay(root: Path, disks: Mapping[str, bytes], parts: Sequence[Part]) -> None:
    """Make the disks with their first bytes, and the partitions: ``sda1`` lies on ``sda``, others on no disk."""
    mounts = []
    for name, content in disks.items():
        _device(root, name, f"block/{name}")
        (root / "dev" / name).write_bytes(content)
    for number, part in enumerate(parts, 1):
        disk = next((name for name in disks if part.name.startswith(name) and part.name != name), None)
        where = _device(root, part.name, f"block/{disk}/{part.name}" if disk else f"block/{part.name}")
        if disk:
            (where / "partition").write_text(f"{number}\n", encoding="ascii")
            (where / "start").write_text(f"{part.start}\n", encoding="ascii")
        (where / "slaves").mkdir(exist_ok=True)
        for slave in part.slaves:
            (where / "slaves" / slave).symlink_to(root / "sys/class/block" / slave)
        (root / "dev" / part.name).touch()
        (root / f"sys/dev/block/8:{number}").symlink_to(where)
        if part.point:
            mounts.append(f"{number} 1 8:{number} / {part.point} rw - {part.kind} /dev/{part.name} rw\n")
    (root / "proc/self").mkdir(parents=True, exist_ok=True)
    (root / "proc/self/mountinfo").write_text("".join(mounts), encoding="ascii")


def with_disks(
    disks: Mapping[str, bytes],
    *parts: Part,
    commands: Mapping[str, bytes] | None = None,
    room: Room = ROOMY,
) -> Callable[[], Machine]:
    """What makes a machine with these disks. Their files are gone with the machine."""

    def make() -> Machine:
        directory = tempfile.mkdtemp(prefix="guestseal-disks-")
        lay(Path(directory), disks, parts)
        programs = FakeCommands(dict(commands or {}))
        made = machine(commands=programs)
        made.storage = FakeStorage(programs, directory, room)
        weakref.finalize(made, shutil.rmtree, directory)
        return made

    return make


def blkid(*volumes: Mapping[str, str]) -> dict[str, bytes]:
    """What blkid says of these volumes, each with its DEVNAME."""
    blocks = ("".join(f"{name}={value}\n" for name, value in volume.items()) for volume in volumes)
    return {"blkid": "\n".join(blocks).encode()}


def _device(root: Path, name: str, path: str) -> Path:
    where = root / "sys/devices" / path
    for directory in (where, root / "dev", root / "sys/class/block", root / "sys/dev/block"):
        directory.mkdir(parents=True, exist_ok=True)
    link = root / "sys/class/block" / name
    if not link.is_symlink():  # a part that takes the whole of a disk
        link.symlink_to(where)
    return where
