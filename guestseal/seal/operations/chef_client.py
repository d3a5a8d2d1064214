"""Remove the key of the Chef or Cinc client

client.pem is the node's identity: clones with the same are one node to the server, and
overwrite each other. It is overwritten and removed, with what the client has cached. A clone
registers when it has a validation key, or when the server is told of it.

Reported are the validation key, with which everybody who has a clone can register machines,
the secret of encrypted data bags, and a node_name. Left on purpose: client.rb, ohai's
hints, and first-boot.json and node.json, which a service may name.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

PLACES = ("/etc/chef", "/etc/cinc")

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *(f"{place}/client.pem" for place in PLACES),
        *("/var/chef/cache/*", "/var/cinc/cache/*", "/var/chef/backup/*", "/var/cinc/backup/*"),
    ),
    findings=signs(
        Sign(
            tuple(f"{place}/{name}" for place in PLACES for name in ("validation.pem", "*validator.pem")),
            "lets everybody register nodes",
            "remove it once clones are registered some other way",
        ),
        Sign(
            tuple(f"{place}/encrypted_data_bag_secret" for place in PLACES),
            "decrypts data bags",
            "remove it, or have each clone given it",
        ),
        Sign(
            tuple(f"{place}/client.rb" for place in PLACES),
            "gives every clone the same name",
            "remove node_name",
            holds=rb"^\s*node_name\s",
        ),
    ),
)
