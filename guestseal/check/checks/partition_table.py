"""The disk has a partition table that the platform takes

Looked at is each disk under the root filesystem, of the running machine or of a mounted image.
Platforms that convert or enlarge images read their partition table; some take only one of the
two kinds: GPT, or that of the MBR, which programs call msdos or dos.

A root filesystem that takes the whole of a disk has none: a kernel from outside boots it.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.machine.block import NoDisk


def _look(subject: Subject) -> Iterator[Problem]:
    try:
        disks = subject.storage.disks_at(subject.point)
        tables = {node: subject.storage.table(node).kind for node in disks}
    except NoDisk as why:
        raise Inapplicable(f"the root filesystem {why}") from why
    for node, kind in tables.items():
        wanted = " or ".join(subject.profile.partition_tables)
        if not kind and not subject.storage.partitioned(node):
            raise Inapplicable(f"the root filesystem takes the whole of {node}, which has no partition table")
        if kind not in subject.profile.partition_tables:
            found = f"a partition table of the kind {kind}" if kind else "a partition table of another kind"
            yield Problem(
                f"{node} has {found}, and the platform takes {wanted}",
                "convert it offline (`sgdisk --mbrtogpt` or `--gpttombr`) or install anew on a disk of that kind",
            )


CHECK = Check(_look, source="UEFI Specification, GUID Partition Table (GPT) Disk Layout; blkid(8), PTTYPE")
