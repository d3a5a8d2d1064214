"""Drives that a platform attaches to say something: found by their label, read without appearing anywhere.

A drive is mounted detached (fsopen(2), fsmount(2)): it is in no mount table, no other process can reach it,
and it is gone with its descriptor, however this process ends. Where the kernel has no such calls (before
5.2, or a filter of system calls in front of them) it is mounted by a thread in a mount namespace of its own,
which leaves as little behind.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from guestseal.errors import CommandError
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.commands import Commands
from guestseal.machine.namespaces import Namespace, leave
from guestseal.machine.parallel import Task

READABLE = ("iso9660", "vfat", "udf")
"""File systems that platforms use. No other parser of the kernel is given what anybody may have attached."""
DISCS = ("iso9660", "udf")
"""Those of them that are on optical discs."""
LATE = 3.0
"""Seconds that a drive which is not there yet gets: buses are scanned while the machine boots."""
LOOK = 0.5
"""Seconds between two looks."""
BLKID_TIMEOUT = 5.0
OLD_MOUNT_TIMEOUT = 10.0

_NOTHING_FOUND = 2  # blkid(8)

# The same numbers on every architecture that came after Linux 5.2's unified table.
_FSOPEN, _FSCONFIG, _FSMOUNT = 430, 431, 432
_FSOPEN_CLOEXEC = _FSMOUNT_CLOEXEC = 1
_SET_FLAG, _SET_STRING, _CREATE = 0, 1, 6  # FSCONFIG_*
_RDONLY, _NOSUID, _NODEV, _NOEXEC = 1, 2, 4, 8  # the same bits for MOUNT_ATTR_* and MS_*
_ATTR_NOSYMFOLLOW = 0x200000  # Linux 5.14
_MS_NOSYMFOLLOW = 256  # Linux 5.10
_SAFE = _RDONLY | _NOSUID | _NODEV | _NOEXEC
_AT = "/proc"  # mounted over, in the thread's own namespace: a directory that is there for certain


@dataclass(frozen=True)
class Drive:
    """A block device with a file system."""

    node: str
    label: str
    """Empty where it has none."""
    kind: str
    """The kernel's name of the file system."""


class Media:
    """The drives of this machine. ``kinds``: the file systems that are ever mounted."""

    def __init__(self, commands: Commands, kinds: Sequence[str] = READABLE) -> None:
        self._commands = commands
        self._kinds = tuple(kinds)

    def labelled(self, label: str, deadline: Deadline) -> list[Drive]:
        """The drives with this label in any case, by name; waits ``LATE`` seconds at most for the first to appear.

        Raises CommandError when blkid cannot tell.
        """
        return self._appearing(lambda drive: drive.label.lower() == label.lower(), deadline)

    def discs(self, deadline: Deadline) -> list[Drive]:
        """The drives with a file system of optical discs, whatever their label; otherwise as ``labelled``."""
        return self._appearing(lambda drive: drive.kind in DISCS, deadline)

    def _appearing(self, wanted: Callable[[Drive], bool], deadline: Deadline) -> list[Drive]:
        late = deadline.within(LATE)
        while True:
            found = [drive for drive in self._all(deadline) if wanted(drive)]
            if found or late.remaining <= LOOK:
                return sorted(found, key=lambda drive: drive.node)
            deadline.clock.pause(LOOK)

    @contextmanager
    def opened(self, drive: Drive) -> Iterator[str]:
        """A path to the drive's files, read only, for as long as the context lasts.

        Nothing of it can be executed, no device on it opened, and no set-user-ID bit counts.
        Raises CommandError for a drive that cannot be read. A broken drive may hold the
        caller for minutes, in the kernel: call it in a thread that can be left behind.
        """
        try:
            fd = _mount(drive)
        except OSError as error:
            raise CommandError(f"not mounted as {drive.kind}: {error.strerror}") from error
        try:
            yield f"/proc/self/fd/{fd}"
        finally:
            os.close(fd)

    def _all(self, deadline: Deadline) -> list[Drive]:
        # Without a cache: a drive may have been changed for another since it was written.
        words = ("blkid", "-c", "/dev/null", "-o", "export")
        seconds = max(LOOK, deadline.within(BLKID_TIMEOUT).remaining)
        told = self._commands.run(words, timeout=seconds, accept=(0, _NOTHING_FOUND)).stdout
        drives = (_drive(block) for block in told.decode("utf-8", "replace").split("\n\n"))
        return [drive for drive in drives if drive is not None and drive.kind in self._kinds]


def _drive(block: str) -> Drive | None:
    """The drive of one block of ``blkid -o export``: lines of NAME=value."""
    values = dict(line.partition("=")[::2] for line in block.splitlines())
    # LABEL_FATBOOT is the label in a FAT's boot sector, which may differ from the one in its root directory.
    label = values.get("LABEL") or values.get("LABEL_FATBOOT") or ""
    node, kind = values.get("DEVNAME", ""), values.get("TYPE", "")
    return Drive(node, label, kind) if node.startswith("/dev/") else None


def _mount(drive: Drive) -> int:
    """A descriptor of the drive's top directory, on a mount that is nowhere. Raises OSError."""
    try:
        return _detached(drive)
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
    clock = Clock()
    task = Task(clock, drive.node, lambda: _in_another_namespace(drive))
    outcome = task.wait(Deadline.after(clock, OLD_MOUNT_TIMEOUT))
    if outcome is None:
        raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    return outcome.result()


def _detached(drive: Drive) -> int:
    context = _call(_FSOPEN, drive.kind.encode(), _FSOPEN_CLOEXEC)
    try:
        _call(_FSCONFIG, context, _SET_STRING, b"source", os.fsencode(drive.node), 0)
        _call(_FSCONFIG, context, _SET_FLAG, b"ro", None, 0)
        _call(_FSCONFIG, context, _CREATE, None, None, 0)
        try:
            return _call(_FSMOUNT, context, _FSMOUNT_CLOEXEC, _SAFE | _ATTR_NOSYMFOLLOW)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            return _call(_FSMOUNT, context, _FSMOUNT_CLOEXEC, _SAFE)
    finally:
        os.close(context)


def _in_another_namespace(drive: Drive) -> int:
    """The same with mount(2), in a namespace that ends with this thread: then only the descriptor keeps the mount."""
    leave(Namespace.MOUNT)
    libc = ctypes.CDLL(None, use_errno=True)
    for flags in (_SAFE | _MS_NOSYMFOLLOW, _SAFE):
        if libc.mount(os.fsencode(drive.node), _AT.encode(), drive.kind.encode(), ctypes.c_ulong(flags), None) == 0:
            return os.open(_AT, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        if ctypes.get_errno() != errno.EINVAL:
            break
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _call(number: int, *arguments: int | bytes | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_long(value) if isinstance(value, int) else ctypes.c_char_p(value) for value in arguments]
    result: int = libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
