"""No clone waits for swap that it does not have

A swap area in /etc/fstab that is not there makes a boot wait a minute and a half before it
goes on without swap. The name /dev/sdb is that of another disk on another clone. A swap file
that others can read shows them the memory of every program; swapon(8) warns of it.

Whether its disk is here is told on a running machine only.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.errors import printable
from guestseal.guest.boot import fstab
from guestseal.guest.boot.device_names import identifier, is_device, unsteady
from guestseal.guest.boot.fstab import PATH, Mount


def _look(subject: Subject) -> Iterator[Problem]:
    mounts = fstab.read(subject.tree)
    if mounts is None:
        raise Inapplicable("it has no fstab")
    for mount in mounts:
        if mount.kind == "swap" and mount.automatic:
            yield from _device(subject, mount) if is_device(mount.spec) else _file(subject, mount)


def _device(subject: Subject, mount: Mount) -> Iterator[Problem]:
    name, wrong = printable(mount.spec), unsteady(mount.spec)
    if not mount.awaited or name.startswith("/dev/zram"):
        return
    if wrong:
        what, remedy = f"swap is on {name}, {wrong}", "name it by UUID, or add nofail"
        yield Problem(what, remedy, PATH, mount.line, fails=False)
    elif subject.machine is not None and subject.storage.lacks(mount.spec, identifier(mount.spec)):
        what, remedy = f"swap is on {name}, which no disk here is called", "take the line out, or give mkswap that UUID"
        yield Problem(what, remedy, PATH, mount.line, fails=False)


def _file(subject: Subject, mount: Mount) -> Iterator[Problem]:
    if not mount.spec.startswith("/"):
        return
    info = subject.tree.stat(mount.spec)
    name = printable(mount.spec)
    if info is None:
        what, remedy = f"the swap file {name} is not there", "take the line out, or make the file when a clone boots"
        yield Problem(what, remedy, PATH, mount.line, fails=False)
    elif stat.S_ISREG(info.st_mode) and info.st_mode & 0o077:
        what, remedy = "users can read what programs had in memory", f"run chmod 600 {name}"
        yield Problem(what, remedy, mount.spec, fails=False)


CHECK = Check(_look, source="fstab(5); systemd.swap(5); swapon(8)")
