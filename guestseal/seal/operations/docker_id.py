"""Remove Docker's number of this machine

Engines with one number are one host to Docker's tools and to those that watch them. Removed
are engine-id and its predecessor key.json, a private key; the daemon makes a new one when it
starts.

On a node of a swarm they are kept: it would not be the same node any more (see
cluster-state). Left on purpose: images, containers, volumes and networks. Credentials in
daemon.json are reported.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Guard, Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=("/etc/docker/key.json", "/var/lib/docker/engine-id"),
    findings=signs(
        Sign(
            ("/etc/docker/daemon.json",),
            "has a password in an address",
            "remove it, or have each clone given its own",
            holds=rb"://[^/\s:@\"]+:[^/\s@\"]+@",
        )
    ),
    needs=(
        Guard(
            lambda guest: not guest.tree.exists("/var/lib/docker/swarm/docker-state.json"),
            "this machine is a node of a swarm: run docker swarm leave before sealing",
        ),
    ),
)
