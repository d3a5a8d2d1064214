"""Remove the ZeroTier identity

The address of a node is made from its key: nodes with one key take turns at one address. The
key, and the token of the local interface, are overwritten and removed; the daemon makes new
ones when it starts. It asks to join the same networks (networks.d stays), whose controllers
have to admit each clone.

On a machine that controls networks of its own everything is kept: their numbers begin with
its address.
"""

from __future__ import annotations

from guestseal.seal.operation import Guard, Kind, Operation

STATE = "/var/lib/zerotier-one"

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(f"{STATE}/identity.secret", f"{STATE}/identity.public", f"{STATE}/authtoken.secret", f"{STATE}/peers.d/*"),
    needs=(
        Guard(
            lambda guest: not any(guest.tree.glob(f"{STATE}/controller.d/network/*")),
            "this machine controls ZeroTier networks, which would be lost: a template should not",
        ),
    ),
)
