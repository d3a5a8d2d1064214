"""The disk under a mounted filesystem, as the kernel tells in mountinfo and sysfs: no program is run.

Sources: proc(5), /proc/PID/mountinfo; the kernel's Documentation/ABI/stable/sysfs-block (start and size are in
sectors of 512 bytes, whatever the disk's own are).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512
_EXTENDED = 2  # the kernel shows an MBR's extended partition as two sectors, to hold a boot loader


class NoDisk(Exception):
    """Why there is no disk under a filesystem, or none that could be grown: follows "the filesystem"."""


@dataclass(frozen=True)
class Place:
    """A mount point, and where the kernel tells of it."""

    point: str = "/"
    mountinfo: str = "/proc/self/mountinfo"
    sysfs: str = "/sys"
    devices: str = "/dev"


@dataclass(frozen=True)
class Disk:
    """What a filesystem lies on. Sizes are in bytes."""

    kind: str
    """The filesystem's type."""
    node: str
    """The device that holds the filesystem."""
    size: int
    """The size of that device."""
    whole: str
    """The disk that the device is a part of; the device itself where the disk has no partitions."""
    number: int | None
    """The number of the partition; None: the disk has none."""
    behind: int
    """What is free behind the partition, up to the end of the disk; 0 unless it is the last one."""


def disk_under(place: Place) -> Disk:
    """The disk under the filesystem that is mounted at ``place``. Raises NoDisk."""
    number, kind = mounted(place)
    device = Path(os.path.realpath(f"{place.sysfs}/dev/block/{number}"))
    if not device.is_dir():
        raise NoDisk("is on no block device")
    for mark, what in (("dm", "a logical or encrypted volume (device mapper)"), ("md", "a RAID array")):
        if (device / mark).is_dir():
            raise NoDisk(f"is on {what}")
    node = _node(place, device)
    if not os.path.exists(node):
        raise NoDisk(f"is on {node}, which is not here: this is a container")
    if not (device / "partition").exists():
        return Disk(kind, node, _value(device / "size") * SECTOR, node, None, 0)
    whole, size = device.parent, _value(device / "size") * SECTOR
    return Disk(kind, node, size, _node(place, whole), _value(device / "partition"), _behind(whole, device))


def mounted(place: Place) -> tuple[str, str]:
    """The device number and the type of what is mounted at the point, last of all. Raises NoDisk."""
    found = None
    for line in Path(place.mountinfo).read_text(encoding="utf-8", errors="surrogateescape").split("\n"):
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) > 4 and fields[4] == place.point:
            found = fields[2], fields[3], *after.split(" ")[:3]
    if found is None:
        raise NoDisk("is not in the table of mounts")
    number, top, kind, source, options = found
    if top != "/" and f"subvol={top}" not in options.split(","):
        raise NoDisk("is a directory of another one: this is a container")
    # btrfs has numbers of its own; they name no device.
    return (_number_of(source, kind) if number.startswith("0:") else number), kind


def _number_of(source: str, kind: str) -> str:
    try:
        info = os.stat(source)
    except OSError:
        info = None
    if info is None or not stat.S_ISBLK(info.st_mode):
        raise NoDisk(f"is {kind}, which is on no disk of its own")
    return f"{os.major(info.st_rdev)}:{os.minor(info.st_rdev)}"


def _behind(whole: Path, device: Path) -> int:
    start, size = _value(device / "start"), _value(device / "size")
    others = list(_partitions(whole))
    logical = _value(device / "partition") > 4 and any(_value(other / "size") <= _EXTENDED for other in others)
    if logical or any(_value(other / "start") > start for other in others):
        return 0
    return max(0, _value(whole / "size") - start - size) * SECTOR


def _partitions(whole: Path) -> Iterator[Path]:
    return (path.parent for path in whole.glob("*/partition"))


def _node(place: Place, device: Path) -> str:
    return f"{place.devices}/{device.name.replace('!', '/')}"  # sysfs writes ! for the / of a name


def _value(path: Path) -> int:
    return int(path.read_text())
