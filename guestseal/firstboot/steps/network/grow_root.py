"""Grow the root filesystem to the end of its disk.

A clone often gets a larger disk than its template had. At every boot the sizes that the
kernel knows are compared, and that is all where nothing is to be gained. Where more than a
MiB is free behind the root partition, and no other partition is, the partition is grown
with growpart(1) or, where that is not installed, with sfdisk(8); then, online, ext3 and
ext4 with resize2fs(8), XFS with xfs_growfs(8), btrfs with btrfs(8). What was grown is read
back. A power cut in between leaves a partition that is larger than its filesystem: the
next boot grows the filesystem, and so does a first boot, where another program may have
grown the partition before.

LVM, LUKS and RAID are left as they are, and so are containers, and a partition that others
come after (swap at the end of the disk): moving them is the administrator's decision.
Setting `grow-root`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from guestseal.errors import CommandError, GuestError
from guestseal.firstboot.step import Clone, Result, Step, When
from guestseal.machine.block import Disk, NoDisk, Place, disk_under

if TYPE_CHECKING:
    from guestseal.machine.commands import Commands

WORTH = 1 << 20
"""Bytes behind the partition that are left alone: a GPT has its copy there, and partitions end at whole MiB."""
TIMEOUT = 40.0
"""Seconds for one program; the unit's whole time is 90."""

FILLED, REFUSED = "filled", "refused"
"""In the memory: the size that the filesystem was grown to; the sizes at which growpart found nothing to grow."""

_MISSING = 127  # env(1): the program was not found
_NOCHANGE = 1  # growpart(1)


def run(clone: Clone) -> Result:
    """Grow what can be grown and read it back. Raises CommandError or GuestError when it was not."""
    return grow(clone, Place())


def grow(clone: Clone, place: Place) -> Result:
    """As ``run``, for the filesystem that is mounted at ``place``."""
    if not clone.settings.grow_root:
        return Result(False, "grow-root is off", memory=clone.memory)
    if not clone.live:
        return Result(False, "not the running machine's disk", memory=clone.memory)
    try:
        disk = disk_under(place)
    except NoDisk as why:
        return Result(False, f"left as it is: the filesystem {why}", memory=clone.memory)
    if _tool(disk, place) is None or os.statvfs(place.point).f_flag & os.ST_RDONLY:
        return Result(False, f"left as it is: {disk.kind} that is not grown, or read-only", memory=clone.memory)
    wanted = disk.behind > WORTH and clone.memory.get(REFUSED) != _geometry(disk)
    if not wanted and clone.memory.get(FILLED) == str(disk.size):
        return Result(False, "it fills its disk", memory=clone.memory)
    return _grow(clone.machine.commands, disk, place, wanted=wanted)


def _grow(commands: Commands, disk: Disk, place: Place, *, wanted: bool) -> Result:
    before, after = _total(place), disk
    if wanted:
        try:
            _grow_partition(commands, disk, place)
        except _Missing:
            warning = (
                f"{disk.behind >> 20} MiB are free behind {disk.node}: install growpart or sfdisk to have it grown"
            )
            return Result(False, "left as it is", warnings=(warning,))
        after = disk_under(place)
    commands.run(_tool(disk, place) or (), timeout=TIMEOUT)
    total = _total(place)
    if after.size > disk.size and total <= before:
        raise GuestError(place.point, f"the filesystem did not grow with {disk.node}")
    memory = {FILLED: str(after.size)}
    if after.behind > WORTH:
        memory[REFUSED] = _geometry(after)
    if total <= before and after.size == disk.size:
        return Result(False, "it fills its disk", memory=memory)
    return Result(True, f"{disk.kind} on {disk.node} grown from {before >> 20} to {total >> 20} MiB", memory=memory)


class _Missing(Exception):
    """No program that grows partitions is installed."""


def _grow_partition(commands: Commands, disk: Disk, place: Place) -> None:
    """Grow the partition as far as it goes. Raises CommandError, and _Missing without a program for it."""
    number = str(disk.number)
    # growpart makes its files in TMPDIR, and a full disk is when growing matters most.
    words = ["env", "TMPDIR=/run", "growpart", disk.whole, number]
    status = commands.run(words, timeout=TIMEOUT, accept=(0, _NOCHANGE, _MISSING)).status
    if status == _NOCHANGE:
        return
    if status == _MISSING:
        _with_sfdisk(commands, disk, place)
    if disk_under(place).size <= disk.size:
        raise CommandError(f"{disk.node}: the partition was grown, and the kernel goes on with its old size")


def _with_sfdisk(commands: Commands, disk: Disk, place: Place) -> None:
    """The same by util-linux, which systems that were installed by hand have: growpart comes with cloud images only.

    Debian has sfdisk in `fdisk` (priority important), growpart in `cloud-guest-utils` (optional); Enterprise
    Linux has sfdisk in util-linux, growpart in `cloud-utils-growpart`; SUSE the same, in `growpart`.
    """
    number = str(disk.number)
    try:
        commands.run(["sfdisk", "--no-reread", "-N", number, disk.whole], timeout=TIMEOUT, stdin=b", +\n")
        if disk_under(place).size == disk.size:  # sfdisk before util-linux 2.32 does not tell the kernel
            commands.run(["partx", "-u", "-n", number, disk.whole], timeout=TIMEOUT)
    except CommandError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise _Missing from error
        raise


def _tool(disk: Disk, place: Place) -> tuple[str, ...] | None:
    """The command that grows the filesystem while it is mounted; None: there is none."""
    return {
        "ext3": ("resize2fs", disk.node),
        "ext4": ("resize2fs", disk.node),
        "xfs": ("xfs_growfs", place.point),
        "btrfs": ("btrfs", "filesystem", "resize", "max", place.point),
    }.get(disk.kind)


def _geometry(disk: Disk) -> str:
    return f"{disk.size}+{disk.behind}"


def _total(place: Place) -> int:
    """Bytes that the filesystem holds: statvfs(3)."""
    info = os.statvfs(place.point)
    return info.f_blocks * info.f_frsize


STEP = Step(run=run, when=When.PER_BOOT)
