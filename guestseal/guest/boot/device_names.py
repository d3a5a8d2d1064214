"""How configuration files name disks: what is true of a clone's disk as well, and what only this machine's is called.

Sources: fstab(5), the first field; systemd's 60-persistent-storage.rules for /dev/disk; the kernel's
Documentation/admin-guide/devices.rst for the names of disks, which are given in the order they are found.
"""

from __future__ import annotations

import re

_TAGS = {"UUID": "uuid", "LABEL": "label", "PARTUUID": "partuuid", "PARTLABEL": "partlabel"}
_LINK = re.compile(r"/dev/disk/by-(uuid|label|partuuid|partlabel)/(.+)", re.DOTALL)
_KERNEL = re.compile(r"/dev/(?:(?:[hsv]d|xvd)[a-z]+\d*|(?:nvme\d+n\d+|mmcblk\d+|nbd\d+|pmem\d+)(?:p\d+)?)")
# A disk's serial number or the place it is plugged in. Volumes and arrays have names of their own in by-id.
_HARDWARE = re.compile(r"(?:/dev/disk/by-(?:path|id/(?!dm-|md-|lvm-))|ID=|/dev/disk/by-diskseq/)")


def identifier(name: str) -> tuple[str, str] | None:
    """What lies on the disk and names it, as blkid(8) says it: ("UUID", "…"); None: it is named in another way."""
    tag, equals, value = name.partition("=")
    if equals and tag.upper() in _TAGS:
        return tag.upper(), value.strip("\"'")
    link = _LINK.fullmatch(name)
    if link is None:
        return None
    text = re.sub(r"\\x([0-9a-f]{2})", lambda escape: chr(int(escape[1], 16)), link[2])  # udev's encoding
    return next(tag for tag, place in _TAGS.items() if place == link[1]), text


def unsteady(name: str) -> str:
    """What a name says that another disk is not called; empty: nothing."""
    if _KERNEL.fullmatch(name):
        return "the name that the kernel gave it"
    return "its serial number or its place in this machine" if _HARDWARE.match(name) else ""


def is_device(name: str) -> bool:
    """Whether it names a block device at all, and not a directory, a server or nothing."""
    return name.startswith(("/dev/", "ID=")) or identifier(name) is not None
