"""Which mounts below a root belong to the guest.

A guest owns its root's own filesystem and the whole local filesystems mounted
below it (a separate /var or /home). It does not own what an operator or a
container engine lent it: bind mounts, pseudo filesystems, network filesystems,
FUSE, and filesystems that are mounted outside the root as well. A tmpfs is the
guest's, but holds nothing that reaches its disk.

``st_dev`` cannot tell a bind mount of the same filesystem, so mounts are told
apart by mount id (proc(5): ``mnt_id`` in /proc/PID/fdinfo/FD, the first field of
/proc/PID/mountinfo).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from guestseal.errors import GuestError, NotEntered, Volatile

LOCAL_FILESYSTEMS = frozenset(
    ("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "jfs", "reiserfs", "nilfs2")
    + ("vfat", "msdos", "exfat", "overlay")
)
VOLATILE_FILESYSTEMS = frozenset(("tmpfs", "ramfs"))


@dataclass(frozen=True)
class Mount:
    """One line of mountinfo: proc(5), /proc/PID/mountinfo."""

    id: int
    device: str
    top: str
    point: str
    kind: str
    options: str

    @property
    def whole(self) -> bool:
        """A whole filesystem, or a btrfs subvolume, and not a bind mount of a directory."""
        return self.top == "/" or (self.kind == "btrfs" and f"subvol={self.top}" in self.options.split(","))


@dataclass(frozen=True)
class Foreign:
    """Why a mount is not the guest's."""

    why: str
    volatile: bool = False

    def error(self, path: str) -> NotEntered:
        """The error for a ``path`` that lies there."""
        return (Volatile if self.volatile else NotEntered)(path, f"not entered: {self.why}")


def read_mounts() -> list[Mount]:
    """The mounts of this process's mount namespace."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
        return [_parse(line) for line in file]


def _parse(line: str) -> Mount:
    fields, _, rest = line.partition(" - ")
    number, _, device, top, point = fields.split()[:5]
    kind, _, options = ([*rest.split(), "", "", ""])[:3]
    return Mount(int(number), device, _unescape(top), _unescape(point), kind, options)


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match.group(1), 8)), text)


def mount_id(fd: int) -> int:
    """The id of the mount that an open descriptor lies on."""
    with open(f"/proc/self/fdinfo/{fd}", encoding="ascii") as file:
        for line in file:
            if line.startswith("mnt_id:"):
                return int(line[7:])
    raise GuestError("/proc/self/fdinfo", "the kernel gives no mount id (Linux 3.15 or later is needed)")


class GuestMounts:
    """The mounts below one root, judged once: which of them are the guest's."""

    def __init__(self, root_fd: int) -> None:
        self.point = os.readlink(f"/proc/self/fd/{root_fd}")
        self._own = {mount_id(root_fd)}
        self._foreign: dict[int, Foreign] = {}
        self._points: dict[str, Foreign] = {}
        mounts = read_mounts()
        for mount in mounts:
            inside = self._inside(mount.point)
            if inside is None or mount.id in self._own or inside == "/":
                continue
            judged = self._judge(mount, mounts)
            if judged is None:
                self._own.add(mount.id)
                self._points.pop(inside, None)
            else:
                self._foreign[mount.id] = judged
                self._points[inside] = judged

    def foreign_point(self, path: str) -> Foreign | None:
        """Why the mount point ``path`` (inside the root) is not entered; None for any other path."""
        return self._points.get(path)

    def foreign(self, fd: int) -> Foreign | None:
        """Why what ``fd`` lies on is not the guest's; None when it is."""
        number = mount_id(fd)
        if number in self._own:
            return None
        return self._foreign.get(number, Foreign("on a filesystem mounted after guestseal started"))

    def points_below(self, path: str) -> dict[str, Foreign]:
        """The mount points below ``path`` that are not entered, with the reason."""
        start = path.rstrip("/") + "/"
        return {point: judged for point, judged in self._points.items() if point.startswith(start)}

    def _inside(self, point: str) -> str | None:
        if self.point == "/":
            return point
        if point == self.point:
            return "/"
        return point[len(self.point) :] if point.startswith(self.point + "/") else None

    def _judge(self, mount: Mount, mounts: list[Mount]) -> Foreign | None:
        if mount.kind in VOLATILE_FILESYSTEMS:
            return Foreign(f"on a {mount.kind}, gone at power-off", volatile=True)
        if mount.kind not in LOCAL_FILESYSTEMS:
            return Foreign(f"on {mount.kind}, which is not a local disk filesystem")
        if not mount.whole:
            return Foreign(f"on a bind mount of {mount.top} of another place")
        if any(other.device == mount.device and self._inside(other.point) is None for other in mounts):
            return Foreign("on a filesystem that is mounted outside this root as well")
        return None
