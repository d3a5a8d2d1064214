"""Nodes with data, and keys that they share: reported, never touched."""

from __future__ import annotations

from support.finding_cases import all_found
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

X = File("x")


CASES = (
    all_found(
        "Raft",
        DEBIAN,
        *("/opt/consul/raft/raft.db", "/var/lib/consul/raft/raft.db", "/opt/nomad/server/raft/raft.db"),
        *("/opt/nomad/data/server/raft/raft.db", "/var/lib/nomad/server/raft/raft.db", "/opt/vault/data/core"),
        "/var/lib/docker/swarm/docker-state.json",
        beside=("/opt/vault/tls/tls.crt",),
        alone=True,  # operations that number nodes keep everything beside such data
    ),
    Case(
        "etcd",
        SUSE,
        {"/var/lib/etcd/member/snap/db": X, "/var/lib/etcd/default.etcd/member/wal/0.wal": X, "/etc/etcd/etcd.conf": X},
        found=("/var/lib/etcd/default.etcd/member", "/var/lib/etcd/member"),
    ),
    all_found(
        "Pacemaker, Ceph and Gluster",
        REDHAT,
        *("/var/lib/pacemaker/cib/cib.xml", "/var/lib/corosync/ringid_10.0.0.1", "/etc/corosync/authkey"),
        *("/etc/pacemaker/authkey", "/etc/ceph/ceph.client.admin.keyring", "/var/lib/ceph/osd/ceph-0/keyring"),
        *("/var/lib/glusterd/peers/0123", "/var/lib/mfs/metadata.mfs", "/var/lib/mysql/grastate.dat"),
        beside=("/etc/corosync/corosync.conf", "/etc/ceph/ceph.conf"),
    ),
    Case(
        "DRBD and Gluster",
        REDHAT,
        {
            "/etc/drbd.d/r0.res": File("resource r0 {\n  on alpha {\n  }\n}\n"),
            "/etc/drbd.d/none.res": File("# on alpha {\n"),
            "/var/lib/glusterd/vols/gv0/info": X,
        },
        found=("/etc/drbd.d/r0.res", "/var/lib/glusterd/vols/gv0"),
    ),
    Case("no cluster", ALPINE, {"/var/lib/glusterd/vols": Dir(), "/etc/ceph/ceph.conf": X}),
)
