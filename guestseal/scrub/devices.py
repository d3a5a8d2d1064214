"""The guest's own filesystems, and the block devices behind them.

Only mounts that are the guest's (guestseal.guest.mounts) are told: never a network
filesystem, and never one that was lent. proc(5) for mountinfo,
Documentation/ABI/stable/sysfs-block for what /sys says.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from guestseal.errors import GuestError
from guestseal.guest.mounts import Mount, mount_id, parse_mounts
from guestseal.guest.tree import ENTER, Tree, reporting
from guestseal.guest.writing import syncfs
from guestseal.scrub import kernel

SYS = Path("/sys")
DEV = Path("/dev")


@dataclass(frozen=True)
class BlockDevice:
    """A disk, partition or device-mapper volume."""

    number: str
    """major:minor."""
    name: str
    """The kernel's name of it: ``vda1``, ``dm-0``."""
    directory: Path = field(repr=False)
    """Where /sys describes it."""

    @property
    def node(self) -> Path:
        """Its node in /dev."""
        return DEV / self.name.replace("!", "/")

    @property
    def discard_granularity(self) -> int:
        """Bytes that it can discard at the least; 0: it cannot discard."""
        return self._queue("discard_granularity") if self._queue("discard_max_bytes") else 0

    @property
    def below(self) -> tuple[BlockDevice, ...]:
        """The devices that this one is made of: of a volume, of an array."""
        found = (block_device(_text(path / "dev"), self._sys) for path in sorted(self.directory.glob("slaves/*")))
        return tuple(device for device in found if device is not None)

    @property
    def stack(self) -> tuple[BlockDevice, ...]:
        """The device itself and all that it lies on."""
        return (self, *(each for device in self.below for each in device.stack))

    @property
    def dm_uuid(self) -> str:
        """What device-mapper knows it as, "LVM-…" for a logical volume; empty for anything else."""
        return _text(self.directory / "dm/uuid")

    @property
    def is_array(self) -> bool:
        """Whether it is an md array, of which a read shows one copy only."""
        return (self.directory / "md").is_dir()

    @property
    def thin(self) -> str:
        """Why it takes space only for what was ever written; empty: it is not known to."""
        for device in self.stack:
            if device.dm_uuid.startswith("LVM-") and device.dm_uuid.endswith("-tpool"):
                return "a thin logical volume"
            if any(_text(path) == "1" for path in device._disk.glob("device/scsi_disk/*/thin_provisioning")):
                return "a disk that its storage provisions thinly"
        return ""

    @contextmanager
    def opened(self, flags: int) -> Iterator[int]:
        """Open the device. Raises GuestError when it is not to be had under its name."""
        with reporting(str(self.node)):
            fd = os.open(self.node, flags | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            info = os.fstat(fd)
            if not stat.S_ISBLK(info.st_mode) or _number(info.st_rdev) != self.number:
                raise GuestError(str(self.node), f"not the block device {self.number}: no node of it was found in /dev")
            yield fd
        finally:
            os.close(fd)

    @property
    def _disk(self) -> Path:
        """A partition has no queue of its own: its disk has."""
        return self.directory.parent if (self.directory / "partition").exists() else self.directory

    @property
    def _sys(self) -> Path:
        return next(path.parent for path in self.directory.parents if path.name == "devices")

    def _queue(self, name: str) -> int:
        return int(_text(self._disk / "queue" / name) or 0)


@dataclass(frozen=True)
class Filesystem:
    """One of the guest's own filesystems; ``mount`` is valid while its Tree is open."""

    path: str
    """Where it is mounted, inside the guest; of several places the first one."""
    kind: str
    options: frozenset[str]
    """Of the mount and of the filesystem."""
    devices: tuple[BlockDevice, ...]
    """Empty: it lies on none, or none could be found."""
    mount: int = field(repr=False)
    """An O_PATH descriptor of its top."""
    number: str = ""
    """major:minor, as stat(2) gives it for files."""

    @property
    def writable(self) -> bool:
        """Whether it is mounted for writing."""
        return "ro" not in self.options

    def __str__(self) -> str:
        names = ", ".join(str(device.node) for device in self.devices)
        return f"{self.path} ({self.kind}{' on ' + names if names else ''})"

    @contextmanager
    def entered(self) -> Iterator[int]:
        """A descriptor of its top directory that ioctl(2) and openat(2) accept."""
        with reporting(self.path):
            fd = os.open(".", ENTER, dir_fd=self.mount)
        try:
            yield fd
        finally:
            os.close(fd)

    def settle(self, fd: int) -> None:
        """Bring everything done on it to its disk, and the blocks of deleted files to its free ones.

        ``fd``: a descriptor from ``entered``. Raises OSError.
        """
        if self.kind == "xfs":
            kernel.finish_deletions(fd)
        syncfs(fd)


def filesystems(tree: Tree, *, sys: Path = SYS) -> tuple[Filesystem, ...]:
    """Each of the guest's own filesystems once, the root's first.

    Raises GuestError where the guest's root is not the top of a mount: its filesystem is
    then another machine's, and what is free on it not the guest's to scrub.
    """
    listed = {mount.id: (mount, source, options) for mount, source, options in _listed()}
    found: dict[str, Filesystem] = {}
    for position, fd in enumerate(tree.mounts.own):
        entry = listed.get(mount_id(fd))
        if position == 0 and not (entry and entry[0].whole and entry[0].point == tree.mounts.point):
            raise GuestError(tree.mounts.point, "not a whole mounted filesystem: what is free on it is not the guest's")
        if entry is None:
            continue
        mount, source, options = entry
        path = "/" + os.path.relpath(mount.point, tree.mounts.point).lstrip(".")
        devices = _behind(mount, source, sys)
        own = Filesystem(path, mount.kind, options, devices, fd, mount.device)
        known = found.get(mount.device)
        if known is None or (own.writable and not known.writable):
            found[mount.device] = own
    return tuple(found.values())


def block_device(number: str, sys: Path = SYS) -> BlockDevice | None:
    """The block device major:minor; None: /sys knows none."""
    path = sys / "dev/block" / number
    if not number or not path.exists():
        return None
    real = path.resolve()
    return BlockDevice(number, real.name, real)


def device_of(path: str, sys: Path = SYS) -> BlockDevice | None:
    """The block device that the path of a node leads to; None: it leads to none."""
    try:
        info = os.stat(path)
    except OSError:
        return None
    return block_device(_number(info.st_rdev), sys) if stat.S_ISBLK(info.st_mode) else None


def _listed() -> Iterator[tuple[Mount, str, frozenset[str]]]:
    """The mounts of this process with their source and all their options."""
    for line in Path("/proc/self/mountinfo").read_bytes().split(b"\n"):
        for mount in parse_mounts(line):
            before, _, after = os.fsdecode(line).partition(" - ")
            options = {*before.split(" ")[5].split(","), *mount.options.split(",")}
            yield mount, after.split(" ")[1], frozenset(options)


def _behind(mount: Mount, source: str, sys: Path) -> tuple[BlockDevice, ...]:
    direct = block_device(mount.device, sys)
    if direct is not None:
        return (direct,)
    if mount.kind != "btrfs":
        return ()
    # btrfs gives its files a device number of no device, and names one of maybe several as its source.
    named = device_of(source, sys)
    for members in sys.glob("fs/btrfs/*/devices"):
        names = sorted(os.listdir(members))
        if named is not None and named.name in names:
            found = [block_device(_text(members / name / "dev"), sys) for name in names]
            return tuple(device for device in found if device is not None)
    return ()


def _number(device: int) -> str:
    return f"{os.major(device)}:{os.minor(device)}"


def _text(path: Path) -> str:
    """The line in a file of /sys; empty when there is none."""
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
