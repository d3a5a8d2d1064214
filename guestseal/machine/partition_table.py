"""A disk's partition table, read from the disk itself.

Sources: UEFI Specification, "GUID Partition Table (GPT) Disk Layout" and "Legacy Master Boot Record (MBR)";
GRUB manual, "BIOS installation", for the partition that holds GRUB's core on a GPT disk.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass

GPT = "gpt"
MSDOS = "msdos"
EFI_SYSTEM = ("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "ef")
"""The type of the partition that UEFI firmware reads, on GPT and on MBR disks."""
BIOS_BOOT = "21686148-6449-6e6f-744e-656564454649"

_SECTORS = (512, 4096)
_BOOT_CODE = 440
_ENTRIES = 1024
_PROTECTIVE = "ee"


@dataclass(frozen=True)
class PartitionTable:
    """What a disk's first sectors say."""

    kind: str
    """GPT, MSDOS, or empty where there is no table of these."""
    types: frozenset[str]
    """The types of its primary partitions: GUIDs in lower case, or two hexadecimal digits on MSDOS."""
    boot_code: bool
    """Whether a BIOS finds any code in the first sector."""


def read(node: str) -> PartitionTable:
    """The partition table of the disk or image file at ``node``. Raises OSError."""
    fd = os.open(node, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        first = os.pread(fd, 512, 0)
        legacy = _legacy_types(first)
        guids = None if legacy and _PROTECTIVE not in legacy else _guids(fd)
        code = any(first[:_BOOT_CODE])
    finally:
        os.close(fd)
    if guids is not None:
        return PartitionTable(GPT, guids, code)
    return PartitionTable(MSDOS if legacy else "", legacy, code)


def _legacy_types(sector: bytes) -> frozenset[str]:
    if sector[510:] != b"\x55\xaa":
        return frozenset()
    entries = [sector[at : at + 16] for at in range(446, 510, 16)]
    # A filesystem's own boot sector ends in the same mark, and holds code where a table would be.
    if any(entry[0] not in (0, 0x80) for entry in entries):
        return frozenset()
    return frozenset(f"{entry[4]:02x}" for entry in entries if entry[4])


def _guids(fd: int) -> frozenset[str] | None:
    """The types in a GPT; None: there is none."""
    for sector in _SECTORS:
        header = os.pread(fd, 92, sector)
        if header[:8] != b"EFI PART":
            continue
        start, count, size = (int.from_bytes(header[at : at + n], "little") for at, n in ((72, 8), (80, 4), (84, 4)))
        if not 128 <= size <= sector or start > 1 << 32:
            return frozenset()
        entries = os.pread(fd, size * min(count, _ENTRIES), start * sector)
        types = (entries[at : at + 16] for at in range(0, len(entries) - 15, size))
        return frozenset(str(uuid.UUID(bytes_le=kind)) for kind in types if any(kind))
    return None
