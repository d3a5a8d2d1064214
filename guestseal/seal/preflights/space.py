"""There is room for the seal record

A file is changed by writing the new one beside it, and the seal record is written last:
both need some room on the filesystems of /etc and of /var/lib/guestseal, in bytes and,
where a filesystem has a fixed number of them, in inodes. A seal that runs out of room is
an unfinished one: nothing takes it for a sealed template, and the same command goes on.
It frees room itself, hence --force may do.

Remedy: free some room first.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.seal_record import DIRECTORY
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight, filesystem

BYTES = 1 << 20
"""The record has a few kB, and the largest file that is written anew, shadow(5), rarely more."""
INODES = 16


def _look(guest: Guest, _: Machine) -> Iterator[Concern]:
    for path in ("/etc", DIRECTORY):
        found = filesystem(guest.tree, path)
        # What is free, not what is left for users: the blocks that ext4 reserves are root's.
        free = found.f_bfree * found.f_frsize
        remedy = (
            f"free some on the filesystem of {path}: `apt-get clean` or `dnf clean all`, `journalctl --vacuum-size=8M`"
        )
        if free < BYTES:
            yield Concern(f"{free >> 10} KiB are free where {path} is, {BYTES >> 10} are needed", remedy)
        elif found.f_files and found.f_ffree < INODES:  # btrfs has no fixed number, and says 0
            yield Concern(f"{found.f_ffree} inodes are free where {path} is, {INODES} are needed", remedy)


PREFLIGHT = Preflight(_look)
