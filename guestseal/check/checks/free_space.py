"""A clone has room for its first boot

The first boot writes host keys, network configuration, logs and the platform's user-data. On
a full filesystem all of that fails, and nobody can log in. A clone may get a larger disk;
that its filesystem grows is one of the things that fail first.

Looked at are the filesystems of / and of /var, unless the guest is a directory of this
machine's: then its room is not the guest's.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.errors import NotEntered
from guestseal.machine.block import NoDisk
from guestseal.machine.storage import Room

MIB = 1 << 20
FAILS, WARNS = 32 * MIB, 256 * MIB
INODES_FAIL, INODES_WARN = 128, 2048
REMEDY = "remove what is not needed (apt-get clean, dnf clean all, journalctl --vacuum-size=8M), or enlarge it"


def _look(subject: Subject) -> Iterator[Problem]:
    if subject.machine is None:
        try:
            subject.storage.node_at(subject.point)
        except NoDisk as why:
            raise Inapplicable(f"the root filesystem {why}") from why
    seen = set()
    for path in ("/", "/var"):
        try:
            info = subject.tree.stat(path)
        except NotEntered:  # on a mount that is not the guest's
            continue
        if info is None or info.st_dev in seen:
            continue
        seen.add(info.st_dev)
        top = subject.tree.path.rstrip("/")
        yield from _judged(path, subject.storage.room(f"{top}{path}"))


def _judged(path: str, room: Room) -> Iterator[Problem]:
    if room.free < WARNS:
        yield Problem(f"{room.free // MIB} MiB are free where {path} is", REMEDY, path, fails=room.free < FAILS)
    elif room.inodes and room.inodes_free < INODES_WARN:
        what = f"{room.inodes_free} inodes are free where {path} is"
        yield Problem(what, "remove what has many small files", path, fails=room.inodes_free < INODES_FAIL)


CHECK = Check(_look, source="statvfs(3)")
