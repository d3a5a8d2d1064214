"""The disk of the operating system is laid out as the platform asks

Azure's marketplace refuses an OS disk whose first 2048 sectors belong to a partition, and
recommends one root partition. Looked at is each disk under the root filesystem, of the running
machine or of a mounted image. What a boot loader of a BIOS keeps before the first partition
is no partition.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.machine.block import NoDisk

FREE = 2048
"""Sectors of 512 bytes: a megabyte."""


def _look(subject: Subject) -> Iterator[Problem]:
    storage = subject.storage
    try:
        firsts = {node: storage.first_sector(node) for node in storage.disks_at(subject.point)}
        partitions = storage.partitions_at(subject.point)
    except NoDisk as why:
        raise Inapplicable(f"the root filesystem {why}") from why
    for node, first in firsts.items():
        if first is None:
            raise Inapplicable(f"the root filesystem takes the whole of {node}, which has no partitions")
        if first < FREE:
            what = f"a partition of {node} begins at sector {first}, in the first megabyte"
            yield Problem(what, f"install anew with the first partition at sector {FREE} or later")
    if len(partitions) > 1:
        what = f"the root filesystem is on several partitions: {', '.join(partitions)}"
        yield Problem(what, "install it on one partition", fails=False)


CHECK = Check(
    _look,
    source='Microsoft, "Troubleshoot virtual machine certification": First partition starts at 1 MB (2048 sectors), '
    "Root partition on OS disk",
    profiles=("azure",),
)
