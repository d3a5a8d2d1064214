"""Remove multipath's names for this machine's disks

/etc/multipath/bindings gives each disk of a storage network a name (mpatha), and wwids lists those that have
several paths: a clone has other disks. multipathd makes new files.

Not done by default: the initramfs has a copy, and where the root filesystem is on such a disk the
names in both must agree.

Left on purpose: prkeys, multipath.conf.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=("/etc/multipath/bindings", "/etc/multipath/wwids"),
    default=False,
)
