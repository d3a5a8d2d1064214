"""No swap lies on the disk of the operating system

The OS disk of Azure is remote storage that is charged and throttled by the request; swap belongs on the
resource disk, where cloud-init or the agent makes it (ResourceDisk.EnableSwap in waagent.conf). The
certification refuses a swap partition. A swap file is a warning: it is on the same disk.

Of a tree that is no filesystem, /etc/fstab is all that tells; of a running guest and of a mounted
image, a partition that fstab does not name is found as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.errors import CommandError, printable
from guestseal.guest.boot import fstab
from guestseal.guest.boot.device_names import is_device
from guestseal.machine.block import NoDisk


def _look(subject: Subject) -> Iterator[Problem]:
    mounts = fstab.read(subject.tree)
    if mounts is None and subject.machine is None:
        raise Inapplicable("it has no fstab")
    named = [mount for mount in mounts or () if mount.kind == "swap" and not mount.spec.startswith("/dev/zram")]
    for mount in named:
        name = printable(mount.spec)
        if is_device(mount.spec):
            what, remedy = f"swap is on the partition or volume {name}", "take it out, and the partition"
            yield Problem(what, remedy, fstab.PATH, mount.line)
        # /mnt and /mnt/resource are where cloud-init and the agent mount the resource disk.
        elif not mount.spec.startswith("/mnt/"):
            what, remedy = f"swap is in the file {name}", "have the agent or cloud-init make it on the resource disk"
            yield Problem(what, remedy, fstab.PATH, mount.line, fails=False)
    if not any(is_device(mount.spec) for mount in named):
        for node in _partitions(subject):
            yield Problem(f"{node}, on the disk of the root filesystem, is a swap area", "remove the partition")


def _partitions(subject: Subject) -> list[str]:
    """The swap areas on the disks of the guest's root; none where that cannot be told."""
    storage = subject.storage
    try:
        here = set(storage.disks_at(subject.point)) if subject.point else set()
        areas = [volume.node for volume in storage.volumes if volume.tags.get("TYPE") == "swap"] if here else []
        return [node for node in areas if here.intersection(storage.disks_of(node))]
    except (NoDisk, CommandError):
        return []


CHECK = Check(
    _look,
    source='Microsoft, "Troubleshoot virtual machine certification": Swap partition on OS disk',
    profiles=("azure",),
)
