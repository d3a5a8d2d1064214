"""The machine's disks: which lie under a mounted filesystem, what is on them, and how it is named.

Sources: proc(5), mountinfo; the kernel's Documentation/ABI/stable/sysfs-block and testing/sysfs-block
(``slaves``); blkid(8) for what filesystems and partitions are called.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from guestseal.errors import CommandError
from guestseal.machine.block import NoDisk, Place, mounted
from guestseal.machine.commands import Commands
from guestseal.machine.partition_table import PartitionTable, read

BLKID_TIMEOUT = 30.0

_NOTHING_FOUND = 2  # blkid(8)


@dataclass(frozen=True)
class Volume:
    """A disk, partition or logical volume, as blkid tells of it."""

    node: str
    tags: Mapping[str, str] = field(default_factory=dict)
    """UUID, LABEL, PARTUUID, PARTLABEL, TYPE: those that it has."""


@dataclass(frozen=True)
class Room:
    """What is free on a filesystem, and how much there is."""

    free: int
    """In bytes."""
    size: int
    inodes_free: int
    inodes: int
    """0: the filesystem has no fixed number of them."""


class Storage:
    """The block devices of this machine. ``root``: where /dev, /proc and /sys are."""

    def __init__(self, commands: Commands, *, root: str = "/") -> None:
        self._commands = commands
        self._root = Path(root)

    def node_at(self, point: str) -> str:
        """The node of the device that the filesystem mounted at ``point`` is on. Raises NoDisk."""
        return self._node(self._device_at(point))

    def disks_at(self, point: str) -> tuple[str, ...]:
        """The nodes of the disks under the filesystem that is mounted at ``point``. Raises NoDisk."""
        return self._disks(self._device_at(point))

    def disks_of(self, node: str) -> tuple[str, ...]:
        """The nodes of the disks that a device in /dev is on, itself among them; empty: the kernel knows none."""
        device = self._sys / "class/block" / os.path.basename(os.path.realpath(self._below(node)))
        return self._disks(device.resolve()) if device.is_dir() else ()

    def partitioned(self, node: str) -> bool:
        """Whether the kernel sees partitions on the disk."""
        return any((self._sys / "class/block" / os.path.basename(node)).glob("*/partition"))

    def partitions_at(self, point: str) -> tuple[str, ...]:
        """The nodes of the partitions that the filesystem mounted at ``point`` is on in the end. Raises NoDisk."""
        return tuple(dict.fromkeys(self._node(each) for each in self._lowest(self._device_at(point))))

    def first_sector(self, node: str) -> int | None:
        """Where the first partition of the disk begins, in sectors of 512 bytes; None: the kernel sees none."""
        disk = self._sys / "class/block" / os.path.basename(node)
        return min((_number(each.parent / "start") for each in disk.glob("*/partition")), default=None)

    def followed(self, point: str) -> bool:
        """Whether another partition follows the one that the filesystem at ``point`` is on. Raises NoDisk."""
        for device in self._lowest(self._device_at(point)):
            start = _number(device / "start")
            if any(_number(other.parent / "start") > start for other in device.parent.glob("*/partition")):
                return True
        return False

    def table(self, node: str) -> PartitionTable:
        """The partition table of a disk. Raises NoDisk where it cannot be read."""
        try:
            return read(str(self._below(node)))
        except OSError as error:
            raise NoDisk(f"is on {node}, which cannot be read: {error.strerror}") from error

    def exists(self, node: str) -> bool:
        """Whether there is such a name in /dev."""
        return self._below(node).exists()

    @cached_property
    def volumes(self) -> tuple[Volume, ...]:
        """Everything that has a name of its own on the disks. Raises CommandError where blkid cannot tell."""
        # Without a cache: it names disks that are gone.
        words = ("blkid", "-c", "/dev/null", "-o", "export")
        told = self._commands.run(words, timeout=BLKID_TIMEOUT, accept=(0, _NOTHING_FOUND)).stdout
        return tuple(filter(None, map(_volume, told.decode("utf-8", "replace").split("\n\n"))))

    def named(self, tag: str, value: str) -> Volume | None:
        """The volume that has this tag; None: none of them has."""
        return next((each for each in self.volumes if each.tags.get(tag, "").lower() == value.lower()), None)

    def lacks(self, name: str, tag: tuple[str, str] | None) -> bool:
        """Whether no disk here is called so: by ``tag``, what the name says is on it, or else by its node in /dev.

        False where that cannot be told.
        """
        if tag is None:
            return name.startswith("/dev/") and not self.exists(name)
        try:
            return bool(self.volumes) and self.named(*tag) is None
        except CommandError:  # BusyBox's blkid knows no such options
            return False

    def uuid_at(self, point: str) -> str | None:
        """The UUID of the filesystem that is mounted at ``point``; None: it is not known for certain."""
        try:
            node = self.node_at(point)
            found = [each.tags.get("UUID") for each in self.volumes if each.node == node]
        except (NoDisk, CommandError):
            return None
        twins = [each for each in self.volumes if each.tags.get("UUID") == found[0]] if found else []
        return found[0] if len(twins) == 1 else None

    def room(self, path: str) -> Room:
        """What is free where ``path`` is. Raises OSError."""
        found = os.statvfs(path)
        # What root may take, the blocks that ext4 reserves for it included.
        return Room(found.f_bfree * found.f_frsize, found.f_blocks * found.f_frsize, found.f_ffree, found.f_files)

    @property
    def _sys(self) -> Path:
        return self._root / "sys"

    def _below(self, node: str) -> Path:
        return self._root / node.lstrip("/")

    def _device_at(self, point: str) -> Path:
        place = Place(point, str(self._root / "proc/self/mountinfo"), str(self._sys), str(self._root / "dev"))
        try:
            device = (self._sys / "dev/block" / mounted(place)[0]).resolve()
        except OSError as error:
            raise NoDisk(f"is not known: /proc/self/mountinfo: {error.strerror}") from error
        if not device.is_dir():
            raise NoDisk("is on no block device")
        return device

    def _lowest(self, device: Path) -> Iterator[Path]:
        """The partitions that a volume or an array is made of in the end; a partition is its own."""
        slaves = sorted((device / "slaves").glob("*"))
        for slave in slaves:
            yield from self._lowest(slave.resolve())
        if not slaves and (device / "partition").exists():
            yield device

    def _disks(self, device: Path) -> tuple[str, ...]:
        slaves = [slave.resolve() for slave in sorted((device / "slaves").glob("*"))]
        if slaves:
            return tuple(dict.fromkeys(disk for slave in slaves for disk in self._disks(slave)))
        whole = device.parent if (device / "partition").exists() else device
        node = self._node(whole)
        if not self.exists(node):
            raise NoDisk(f"is on {node}, which is not here: this is a container")
        return (node,)

    def _node(self, device: Path) -> str:
        return f"/dev/{device.name.replace('!', '/')}"  # sysfs writes ! for the / of a name


def _number(path: Path) -> int:
    return int(path.read_text(encoding="ascii"))


def _volume(block: str) -> Volume | None:
    """One block of ``blkid -o export``: lines of NAME=value, with a backslash before what a shell would take."""
    tags = dict(line.partition("=")[::2] for line in block.splitlines())
    node = tags.pop("DEVNAME", "")
    return Volume(node, {tag: re.sub(r"\\(.)", r"\1", value) for tag, value in tags.items()}) if node else None
