"""Report that this machine is a node of a cluster

A clone that believes it is a node of the template's cluster splits it, and its data may be
the only copy. Keys that all nodes share may be meant for clones. So both are reported.

Looked for are etcd, Consul, Nomad, Vault, Gluster, Pacemaker and Corosync, DRBD, Ceph,
MooseFS, Galera and Docker's swarm.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

LEAVE = "leave the cluster before sealing, and have each clone join"

OPERATION = Operation(
    kind=Kind.IDENTITY,
    findings=signs(
        Sign(
            (
                *("/var/lib/etcd/member", "/var/lib/etcd/*/member"),
                *("/opt/consul/raft/raft.db", "/var/lib/consul/raft/raft.db", "/opt/vault/data/*"),
                *("/opt/nomad/server/raft/raft.db", "/opt/nomad/data/server/raft/raft.db"),
                *("/var/lib/nomad/server/raft/raft.db", "/var/lib/docker/swarm/docker-state.json"),
                *("/var/lib/glusterd/vols/*", "/var/lib/glusterd/peers/*", "/var/lib/pacemaker/cib/cib.xml"),
                *("/var/lib/corosync/ringid_*", "/var/lib/mfs/metadata.mfs*", "/var/lib/mysql/grastate.dat"),
            ),
            "is the state of a cluster's node",
            LEAVE,
        ),
        Sign(
            ("/etc/corosync/authkey", "/etc/pacemaker/authkey", "/etc/ceph/*.keyring", "/var/lib/ceph/*/*/keyring"),
            "is a key that a cluster's nodes share",
            "remove it, unless clones join this cluster",
        ),
        Sign(("/etc/drbd.d/*.res",), "names the nodes of a DRBD resource", LEAVE, holds=rb"^\s*on\s+\S+\s*\{"),
    ),
)
