"""Report where else the machine-id would come from

An empty /etc/machine-id gets an id of its own at boot, unless something on the disk gives
the same one to every clone: ``systemd.machine_id=`` on the kernel's command line, in a boot
entry or in what boot entries are made from (kernel-command-line(7)), and the credential
system.machine_id in a store or beside the boot loader (systemd.system-credentials(7)).

Nothing is changed: a wrong edit of a boot entry costs the boot. D-Bus's copy of the id is
the operation machine-id's. The hypervisor's UUID of a machine, which systemd takes in
a virtual machine too, is not on the disk: every clone needs another one.
"""

from __future__ import annotations

from guestseal.guest.boot.machine_id_sources import findings
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.IDENTITY, findings=lambda guest: findings(guest.tree))
