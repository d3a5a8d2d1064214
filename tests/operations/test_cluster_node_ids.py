"""Nodes without data lose their number, those with data do not."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

ID, SECRET, DATA = File("0123"), File("hunter2", 0o600), File("raft")
CONF = {"/etc/consul.d/consul.hcl": File('datacenter = "dc1"\n')}


def node(place: str) -> dict[str, File]:
    """A client of Nomad."""
    return {f"{place}/client/client-id": ID, f"{place}/client/secret-id": SECRET}


CASES = (
    Case(
        "Consul's agents",
        DEBIAN,
        {
            **CONF,
            **{f"{place}/{name}": ID for place in ("/opt/consul", "/var/lib/consul") for name in ("node-id", "serf/x")},
            "/opt/consul/checkpoint-signature": ID,
        },
        {**CONF, "/opt/consul/serf": Dir(), "/opt/consul/checkpoint-signature": ID, "/var/lib/consul/serf": Dir()},
    ),
    Case(
        "Consul's servers",
        REDHAT,
        {
            **{
                f"{place}/{name}": ID
                for place in ("/opt/consul", "/var/lib/consul")
                for name in ("node-id", "raft/raft.db")
            },
        },
    ),
    Case(
        "Nomad's clients",
        SUSE,
        {**node("/opt/nomad"), **node("/opt/nomad/data"), **node("/var/lib/nomad"), "/opt/nomad/plugins/x": ID},
        {f"{place}/client": Dir() for place in ("/opt/nomad", "/opt/nomad/data", "/var/lib/nomad")}
        | {"/opt/nomad/plugins/x": ID},
    ),
    Case(
        "Nomad's servers",
        DEBIAN,
        {
            **{
                path: entry
                for place in ("/opt/nomad", "/opt/nomad/data", "/var/lib/nomad")
                for path, entry in {**node(place), f"{place}/server/raft/raft.db": DATA}.items()
            },
        },
        alone=True,  # beside the clients the same directories would hold data
    ),
    Case(
        "Gluster without volumes",
        REDHAT,
        {"/var/lib/glusterd/glusterd.info": ID, "/var/lib/glusterd/vols": Dir(), "/var/lib/glusterd/options": ID},
        {"/var/lib/glusterd/vols": Dir(), "/var/lib/glusterd/options": ID},
        alone=True,  # beside the next one it has volumes
    ),
    Case(
        "Gluster with peers",
        REDHAT,
        {"/var/lib/glusterd/glusterd.info": ID, "/var/lib/glusterd/peers/0123": ID},
        alone=True,  # see above
    ),
    Case(
        "Gluster with volumes",
        REDHAT,
        {"/var/lib/glusterd/glusterd.info": ID, "/var/lib/glusterd/vols/gv0/info": ID},
        alone=True,  # see above
    ),
    Case("never started", ALPINE, {**CONF, "/opt/consul": Dir()}),
)
