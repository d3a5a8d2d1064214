"""The machine is in no cluster

A member of a cluster that is cloned comes back twice: with one node name, one store and
one set of keys. Databases and storage then lose data. Looked at are Pacemaker and
Corosync, Kubernetes (kubeadm, k3s, RKE2, k0s), Docker Swarm, etcd, Ceph, Gluster, Galera,
Consul and Nomad servers: a member is who has the service running and its data in place,
so a template with the packages alone is none.

Remedy: leave the cluster with its own command, or seal a machine that never joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guestseal.guest.facts import Guest
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight


@dataclass(frozen=True)
class _Cluster:
    name: str
    units: tuple[str, ...]
    data: tuple[str, ...]
    """What a member has and a mere installation does not, as patterns."""
    leave: str


_CLUSTERS = (
    _Cluster(
        "Pacemaker or Corosync",
        ("corosync.service", "pacemaker.service"),
        ("/etc/corosync/authkey", "/etc/pacemaker/authkey"),  # not corosync.conf: Debian installs one
        "`pcs cluster node remove` or `crm cluster remove` on another member",
    ),
    _Cluster(
        "Kubernetes",
        ("kubelet.service",),
        ("/etc/kubernetes/kubelet.conf",),
        "`kubectl drain` and `kubectl delete node`, then `kubeadm reset`",
    ),
    _Cluster(
        "k3s",
        ("k3s.service", "k3s-agent.service"),
        ("/var/lib/rancher/k3s/server/token", "/var/lib/rancher/k3s/agent/kubelet.kubeconfig"),
        "`kubectl delete node`, then k3s-uninstall.sh or k3s-agent-uninstall.sh",
    ),
    _Cluster(
        "RKE2",
        ("rke2-server.service", "rke2-agent.service"),
        ("/var/lib/rancher/rke2/server/token", "/var/lib/rancher/rke2/agent/kubelet.kubeconfig"),
        "`kubectl delete node`, then rke2-uninstall.sh",
    ),
    _Cluster(
        "k0s",
        ("k0scontroller.service", "k0sworker.service"),
        ("/var/lib/k0s/pki/*", "/var/lib/k0s/kubelet.conf"),
        "`kubectl delete node`, then `k0s stop` and `k0s reset`",
    ),
    _Cluster("Docker Swarm", ("docker.service",), ("/var/lib/docker/swarm/docker-state.json",), "`docker swarm leave`"),
    _Cluster(
        "etcd",
        ("etcd.service",),
        ("/var/lib/etcd/member", "/var/lib/etcd/*/member"),
        "`etcdctl member remove`, then remove what is in /var/lib/etcd",
    ),
    _Cluster(
        "Ceph",
        ("ceph.target", "ceph-mon.target", "ceph-osd.target"),
        (
            *("/var/lib/ceph/mon/*/keyring", "/var/lib/ceph/osd/*/whoami"),
            *("/var/lib/ceph/*/mon.*/keyring", "/var/lib/ceph/*/osd.*/whoami"),  # cephadm
        ),
        "`ceph mon remove` or `ceph osd purge`; with cephadm, `ceph orch host drain`",
    ),
    _Cluster(
        "Gluster", ("glusterd.service",), ("/var/lib/glusterd/peers/*",), "`gluster peer detach` on another member"
    ),
    _Cluster(
        "Galera",
        ("mariadb.service", "mysql.service", "mysqld.service"),
        ("/var/lib/mysql/grastate.dat",),
        "stop the database, and remove /var/lib/mysql/grastate.dat and galera.cache",
    ),
    _Cluster(
        "Consul",
        ("consul.service",),
        ("/opt/consul/raft/*", "/var/lib/consul/raft/*"),
        "`consul leave`, then remove its data directory",
    ),
    _Cluster(
        "Nomad",
        ("nomad.service",),
        ("/opt/nomad/data/server/raft/*", "/opt/nomad/server/raft/*", "/var/lib/nomad/server/raft/*"),
        "`nomad server force-leave` on another server, then remove its data directory",
    ),
)


def _look(guest: Guest, machine: Machine) -> Iterator[Concern]:
    present = [(cluster, _first(guest, cluster.data)) for cluster in _CLUSTERS]
    joined = [(cluster, path) for cluster, path in present if path is not None]
    wanted = [unit for cluster, _ in joined for unit in cluster.units]
    running = {unit.name for unit in machine.services.units(*wanted) if unit.running}
    for cluster, path in joined:
        unit = next((name for name in cluster.units if name in running), None)
        if unit is not None:
            yield Concern(
                f"this is a member of a cluster, {cluster.name}: {unit} is active and {path} is there",
                f"leave the cluster first: {cluster.leave}",
            )


def _first(guest: Guest, patterns: tuple[str, ...]) -> str | None:
    return next((path for pattern in patterns for path in guest.tree.glob(pattern)), None)


PREFLIGHT = Preflight(_look)
