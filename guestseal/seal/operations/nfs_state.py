"""Forget the NFS peers of this machine

rpc.statd tells every machine in /var/lib/nfs/sm of a restart, and so would each clone tell the template's
peers, which then give up their locks. rmtab lists who has mounted this machine's exports.

Not done by default: a guest with NFS mounts that are in use loses its locks.

Left on purpose: the directories with their owner, without which rpc.statd does not start; its state number,
which must only grow; what an NFS server knows of its clients (nfsdcltrack, v4recovery).
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    empty=(  # RHEL and SUSE put them below statd or beside it, Debian and Alpine beside it
        *("/var/lib/nfs/sm", "/var/lib/nfs/sm.bak"),
        *("/var/lib/nfs/statd/sm", "/var/lib/nfs/statd/sm.bak"),
    ),
    truncate=("/var/lib/nfs/rmtab",),
    default=False,
)
