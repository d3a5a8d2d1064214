"""Which mounts below a root belong to the guest.

A guest owns its root's own filesystem and the whole local filesystems mounted
below it (a separate /var or /home). It does not own what an operator or a
container engine lent it: bind mounts, pseudo filesystems, network filesystems,
FUSE, filesystems that are mounted outside the root as well, and a second mount of
one that it has already: ``mount --bind / /tmp/look`` must not make the whole guest
a part of /tmp. A tmpfs is the guest's, but holds nothing that reaches its disk.

A directory bound onto its own place shows what was there before and nothing else, so
it stays the guest's: systemd makes such mounts for a sandboxed unit (systemd.exec(5),
ProtectSystem=, ReadOnlyPaths=, ReadWritePaths=).

``st_dev`` cannot tell a bind mount of the same filesystem, so mounts are told
apart by mount id (proc(5): ``mnt_id`` in /proc/PID/fdinfo/FD, the first field of
/proc/PID/mountinfo).
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guestseal.errors import GuestError, NotEntered, Volatile

_NATIVE = ("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "jfs", "reiserfs", "nilfs2")
LOCAL_FILESYSTEMS = frozenset((*_NATIVE, "vfat", "msdos", "exfat", "overlay"))
VOLATILE_FILESYSTEMS = frozenset(("tmpfs", "ramfs"))
KERNEL_FILESYSTEMS = frozenset(
    (
        *("proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "mqueue", "hugetlbfs", "securityfs", "pstore"),
        *("debugfs", "tracefs", "configfs", "fusectl", "bpf", "binfmt_misc", "selinuxfs", "efivarfs", "nsfs"),
    )
)
"""What the kernel makes up (/proc/filesystems, nodev): nothing in them is on any disk."""


@dataclass(frozen=True)
class Mount:
    """One line of mountinfo: proc(5), /proc/PID/mountinfo."""

    id: int
    below: int
    """The id of the mount that its place is on."""
    device: str
    top: str
    """The directory of the filesystem that is mounted."""
    point: str
    """Where it is mounted."""
    kind: str
    options: str

    @property
    def whole(self) -> bool:
        """A whole filesystem, or a btrfs subvolume, and not a bind mount of a directory."""
        return self.top == "/" or (self.kind == "btrfs" and f"subvol={self.top}" in self.options.split(","))

    def holds(self, other: Mount) -> bool:
        """Whether everything that ``other`` shows is in this mount, too."""
        return self.device == other.device and within(other.top, self.top)

    def repeats(self, other: Mount) -> bool:
        """Whether this is on ``other``, or in its place, and shows there the very directory that it covers."""
        if self.device != other.device or (self.below != other.id and self.point != other.point):
            return False
        return self.top == (other.top.rstrip("/") + self.point[len(other.point.rstrip("/")) :] or "/")


@dataclass(frozen=True)
class Foreign:
    """Why a mount is not the guest's."""

    why: str
    volatile: bool = False

    def error(self, path: str) -> NotEntered:
        """The error for a ``path`` that lies there."""
        return (Volatile if self.volatile else NotEntered)(path, f"not entered: {self.why}")


def parse_mounts(mountinfo: bytes) -> list[Mount]:
    """The mounts in the text of a mountinfo file, in its order: as they were mounted."""
    # Only \n ends a line and only a space a field: the kernel escapes these two (and tab and
    # backslash), while str.split() would also split a mount point at a user's no-break space.
    return [_parse(line) for line in mountinfo.split(b"\n") if line]


def _parse(line: bytes) -> Mount:
    before, _, after = line.partition(b" - ")
    number, below, device, top, point = before.split(b" ")[:5]
    kind, _, options = map(os.fsdecode, after.split(b" ")[:3])
    return Mount(int(number), int(below), os.fsdecode(device), _unescape(top), _unescape(point), kind, options)


def _unescape(field: bytes) -> str:
    return os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda match: bytes([int(match.group(1), 8)]), field))


def within(path: str, directory: str) -> bool:
    """Whether ``path`` is ``directory`` or lies below it, as text."""
    return path == directory or path.startswith(directory.rstrip("/") + "/")


def judge(mounts: Sequence[Mount], root: Mount, point: str) -> Iterator[tuple[Mount, str, Foreign | None]]:
    """Each mount below the root that lies at ``point`` on the mount ``root``: its path inside the
    root, and why it is not the guest's, or None.

    Of two mounts of one filesystem the earlier one counts.
    """
    own = [root]
    outside = {mount.device for mount in mounts if not within(mount.point, point)}
    for mount in mounts:
        if mount.id == root.id or not within(mount.point, point) or mount.point == point:
            continue
        foreign = _foreign(mount, own, outside)
        if foreign is None:
            own.append(mount)
        yield mount, "/" + mount.point[len(point) :].lstrip("/"), foreign


def _foreign(mount: Mount, own: Sequence[Mount], outside: set[str]) -> Foreign | None:
    if mount.kind in VOLATILE_FILESYSTEMS:
        return Foreign(f"on a {mount.kind}, gone at power-off", volatile=True)
    if mount.kind not in LOCAL_FILESYSTEMS:
        made_up = mount.kind in KERNEL_FILESYSTEMS
        return Foreign(f"on {mount.kind}, which is not a local disk filesystem", volatile=made_up)
    if any(mount.repeats(other) for other in own):
        return None
    if not mount.whole:
        return Foreign(f"on a bind mount of {mount.top} of another place")
    if mount.device in outside:
        return Foreign("on a filesystem that is mounted outside this root as well")
    twin = next((other for other in own if mount.holds(other)), None)
    return None if twin is None else Foreign(f"on a second mount of the filesystem at {twin.point}")


def mount_id(fd: int) -> int:
    """The id of the mount that an open descriptor lies on. Raises GuestError without /proc."""
    name = f"/proc/self/fdinfo/{fd}"
    try:
        info = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise GuestError(name, f"{error.strerror}; guestseal needs /proc to be mounted") from error
    try:
        found = re.search(rb"^mnt_id:\s*(\d+)", os.read(info, 4096), re.MULTILINE)
    finally:
        os.close(info)
    if found is None:
        raise GuestError(name, "the kernel gives no mount id (Linux 3.15 or later is needed)")
    return int(found.group(1))


def _in_table(number: int, mounts: Sequence[Mount]) -> bool:
    """Whether the mount with this id is in the table of mounts.

    A detached one (fsmount(2)) is in none: nothing lies below it, although its path reads ``/``. The
    root of a chroot(2) may be missing from the list, too, and the mounts below it are listed.
    """
    if any(mount.id == number for mount in mounts):
        return True
    root = os.open("/", os.O_PATH | os.O_CLOEXEC)
    try:
        return mount_id(root) == number
    finally:
        os.close(root)


class GuestMounts:
    """The mounts below one root, judged once: which of them are the guest's.

    Each of the guest's mounts is held by a descriptor until ``close``: the kernel gives
    the id of a mount that is gone to the next one, which may be a user's.
    """

    def __init__(self, root_fd: int) -> None:
        number = mount_id(root_fd)
        self.point = os.readlink(f"/proc/self/fd/{root_fd}")
        with open("/proc/self/mountinfo", "rb") as file:
            mounts = parse_mounts(file.read())
        if not _in_table(number, mounts):
            mounts = []
        self._own: dict[int, int] = {number: os.dup(root_fd)}
        self._foreign: dict[int, Foreign] = {}
        self._points: dict[str, Foreign] = {}
        try:
            for mount, inside, foreign in judge(mounts, self._root(mounts, number, root_fd), self.point):
                self._take(mount, inside, foreign)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the guest's mounts go."""
        while self._own:
            os.close(self._own.popitem()[1])

    @property
    def own(self) -> tuple[int, ...]:
        """An O_PATH descriptor on each mount of the guest's."""
        return tuple(self._own.values())

    def foreign_point(self, path: str) -> Foreign | None:
        """Why the mount point ``path`` (inside the root) is not entered; None for any other path."""
        return self._points.get(path)

    def foreign(self, fd: int) -> Foreign | None:
        """Why what ``fd`` lies on is not the guest's; None when it is."""
        return self.foreign_mount(mount_id(fd))

    def foreign_mount(self, number: int) -> Foreign | None:
        """Why the mount with this id is not the guest's; None when it is."""
        if number in self._own:
            return None
        return self._foreign.get(number, Foreign("on a filesystem mounted after guestseal started"))

    def points_below(self, path: str) -> dict[str, Foreign]:
        """The mount points below ``path`` that are not entered, with the reason."""
        return {point: why for point, why in self._points.items() if point != path and within(point, path)}

    def _root(self, mounts: Sequence[Mount], number: int, root_fd: int) -> Mount:
        """The mount the root lies on; in a chroot(2), mountinfo may not show it."""
        device = os.fstat(root_fd).st_dev
        unlisted = Mount(number, 0, f"{os.major(device)}:{os.minor(device)}", "/", self.point, "", "")
        return next((mount for mount in mounts if mount.id == number), unlisted)

    def _take(self, mount: Mount, inside: str, foreign: Foreign | None) -> None:
        if foreign is None:
            # A mount covers what was mounted in the place before.
            self._points = {point: why for point, why in self._points.items() if not within(point, inside)}
            self._hold(mount, inside)
        else:
            self._foreign[mount.id] = self._points[inside] = foreign

    def _hold(self, mount: Mount, inside: str) -> None:
        """Hold the mount by a descriptor, unless something else is found in its place."""
        look = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            fd = os.open(inside[1:], look, dir_fd=self.own[0])
        except OSError as error:
            self._foreign[mount.id] = Foreign(f"on a filesystem that cannot be reached: {error.strerror}")
            return
        if mount_id(fd) != mount.id:
            self._foreign[mount.id] = Foreign("on a filesystem hidden by another mount")
        elif not stat.S_ISDIR(os.fstat(fd).st_mode):
            self._foreign[mount.id] = self._points[inside] = Foreign("on a file with a mount of its own")
        else:
            self._own[mount.id] = fd
            return
        os.close(fd)
