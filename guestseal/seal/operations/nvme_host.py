"""Remove the NVMe host name and host id

Storage on a network gives out its disks by /etc/nvme/hostnqn and hostid: two clones with one name
take each other's. Without the files libnvme makes both from the UUID of the machine.

They stay where the guest boots from such a disk. Reported are the connections in
config.json and discovery.conf, which clones would make as well.

Left on purpose: config.json, discovery.conf as the package ships it.
"""

from __future__ import annotations

from guestseal.guest.boot import root_disk
from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Guard, Kind, Operation

_WHAT, _REMEDY = "connects every clone to the same storage", "remove it unless clones are to share it"

OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=("/etc/nvme/hostnqn", "/etc/nvme/hostid"),
    needs=(Guard(lambda guest: not root_disk.on_nvme_fabrics(guest.tree), "this guest's disk is given out by them"),),
    findings=signs(
        Sign(("/etc/nvme/config.json",), _WHAT, _REMEDY, rb"\"(?:hostnqn|nqn|traddr)\""),
        Sign(("/etc/nvme/discovery.conf",), _WHAT, _REMEDY, rb"^[ \t]*-"),
    ),
)
