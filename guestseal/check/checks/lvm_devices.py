"""LVM sees the disks of a clone

LVM uses only the disks that /etc/lvm/devices/system.devices names, by their serial numbers:
a clone's disks have others, and its volume groups are not found. Without the file LVM uses all
disks. Later versions of LVM write the machine's product UUID (PRODUCT_UUID) into it as well,
look for the volumes anew where that is another one, and need nothing.

The file is in the initramfs, too, where that was made for this machine only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.check.check import Check, Fix, Problem, Subject
from guestseal.guest.actions import Remove

DEVICES = "/etc/lvm/devices/system.devices"
CONFIG = "/etc/lvm/lvm.conf"

# Of lvmdevices(8)'s types of device ids, those that are a disk's own; the others come with what is on it.
_BOUND = re.compile(r"^(?!\s*#).*\bIDTYPE=(?:sys_wwid|sys_serial|wwid_\w+|mpath_uuid)\b", re.MULTILINE)
_REFRESHED = re.compile(r"^\s*PRODUCT_UUID=", re.MULTILINE)
_UNUSED = re.compile(r"^\s*use_devicesfile\s*=\s*0\b", re.MULTILINE)


def _look(subject: Subject) -> Iterator[Problem]:
    text = subject.tree.read_text(DEVICES) or ""
    found = _BOUND.search(text)
    if found is None or _REFRESHED.search(text) or _UNUSED.search(subject.tree.read_text(CONFIG) or ""):
        return
    yield Problem(
        "names the disks that LVM may use by their serial numbers, which a clone's disks do not have",
        "remove the file, and make the initramfs anew where it was made for this machine only (dracut --force)",
        DEVICES,
        text.count("\n", 0, found.start()) + 1,
    )


def _fix(_: Subject) -> Fix:
    return Fix((Remove(DEVICES),))


CHECK = Check(_look, fix=_fix, source="lvmdevices(8); lvm.conf(5), use_devicesfile and device_ids_refresh")
