"""Remove this node of a tailnet

Nodes with one key take turns at one address, and each gets what is meant for the other. The
state holds the machine's and the node's private keys; it is overwritten and removed, with
the numbers of its logs, certificates and SSH host keys that it made for its name. The daemon
starts without it and waits for a login on each clone (``tailscale up``).
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

STATE = "/var/lib/tailscale"

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *(f"{STATE}/tailscaled.state*", f"{STATE}/tailscaled.log*.conf", f"{STATE}/profile-data/*"),
        *(f"{STATE}/certs/*", f"{STATE}/ssh/*"),
    ),
)
