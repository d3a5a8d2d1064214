"""Remove LVM's list of this machine's devices

/etc/lvm/devices/system.devices, which RHEL 9 and others have, lists the physical volumes by the
ids of their disks. A clone's disk has another id: LVM would not see the volume group. Without the
file LVM looks at all devices (lvmdevices(8)).

Left on purpose: lvm.conf, lists that were made for one command under other names.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=("/etc/lvm/devices/system.devices", "/etc/lvm/devices/backup/*"),
)
