"""Empty the machine-id

Two machines with one machine-id get one DHCP identity and so one address, one journal
directory and one D-Bus id. /etc/machine-id becomes empty, mode 0444: each clone then gets
an id of its own at boot. D-Bus's copy in /var/lib/dbus goes, since systemd would take the
old id back from it.

The file is neither removed nor set to "uninitialized": machine-id(5) takes both for a
first boot, at which systemd applies the presets again and switches services on and off
against what the template's administrator decided. A missing file is made, for that reason.

Without systemd (Alpine) it is removed: dbus-uuidgen makes a missing id, and fails on an
empty one. Left on purpose: /var/lib/dbus/machine-id as a link.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove, Replace, Truncate
from guestseal.guest.facts import Guest
from guestseal.guest.services.units import runs_systemd
from guestseal.seal.operation import Kind, Operation

MACHINE_ID = "/etc/machine-id"
DBUS = "/var/lib/dbus/machine-id"
MODE = 0o444


def _ids(guest: Guest) -> Iterator[Action]:
    tree = guest.tree
    path = tree.resolve(MACHINE_ID)
    copy = tree.lstat(DBUS)
    if copy is not None and stat.S_ISREG(copy.st_mode) and path != DBUS:
        yield Remove(DBUS)
    info = None if path is None else tree.lstat(path)
    if not runs_systemd(tree):
        if tree.lstat(MACHINE_ID) is not None:
            yield Remove(MACHINE_ID)
    elif path is None or info is None:
        if tree.lstat(MACHINE_ID) is not None:  # a link that leads nowhere
            yield Remove(MACHINE_ID)
        yield Replace(MACHINE_ID, b"", "empty: each clone gets an id of its own", MODE)
    elif info.st_size or stat.S_IMODE(info.st_mode) != MODE:
        yield Truncate(path, MODE)


OPERATION = Operation(kind=Kind.IDENTITY, also=_ids)
