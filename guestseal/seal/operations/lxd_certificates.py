"""Remove the server certificate of LXD and Incus

Clients trust a server by this certificate, and whoever has one clone's key can pretend to be
all others. The daemon makes a new one when it starts; clients have to trust each clone.

On a member of a cluster it is kept (cluster.crt). Left on purpose: instances, images, and
the certificates of clients in the database.
"""

from __future__ import annotations

from guestseal.seal.operation import Guard, Kind, Operation

PLACES = ("/var/snap/lxd/common/lxd", "/var/lib/lxd", "/var/lib/incus")

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=tuple(f"{place}/server.{end}" for place in PLACES for end in ("crt", "key")),
    needs=(
        Guard(
            lambda guest: not any(guest.tree.exists(f"{place}/cluster.crt") for place in PLACES),
            "this machine is a member of a cluster: a template should not be one",
        ),
    ),
)
