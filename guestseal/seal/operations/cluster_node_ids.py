"""Remove the numbers of cluster nodes that have no data yet

Nodes of Consul, Nomad or Gluster with one number break the cluster that they join: the
second throws the first out. The daemons make a new number when they start.

Only a node without data loses its number: not a server of Consul or Nomad (raft), nor a
Gluster node that has volumes or peers. Those are reported by cluster-state.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.seal.operation import Kind, Operation

CONSUL = ("/opt/consul", "/var/lib/consul")  # of HashiCorp's packages, and of distributions'
NOMAD = ("/opt/nomad", "/opt/nomad/data", "/var/lib/nomad")
GLUSTER = "/var/lib/glusterd"

NUMBERS_AND_DATA = (
    *(((f"{place}/node-id", f"{place}/serf/*"), (f"{place}/raft/*",)) for place in CONSUL),
    *(((f"{place}/client/client-id", f"{place}/client/secret-id"), (f"{place}/server/raft/*",)) for place in NOMAD),
    ((f"{GLUSTER}/glusterd.info",), (f"{GLUSTER}/vols/*", f"{GLUSTER}/peers/*")),
)


def _numbers(guest: Guest) -> Iterator[Action]:
    for numbers, data in NUMBERS_AND_DATA:
        if any(any(guest.tree.glob(pattern)) for pattern in data):
            continue
        for pattern in numbers:
            for path in guest.tree.glob(pattern):
                yield Remove(path, secret=True)


OPERATION = Operation(kind=Kind.IDENTITY, also=_numbers)
