"""Remove the identity of a Teleport agent

Agents with one host_uuid are one host to the cluster; Teleport's own advice for a machine
that has another's is to remove the file (lib/auth, method "ec2"). The certificates that
belong to it go as well (proc). A clone joins by the method in teleport.yaml.

On a machine that runs the cluster's auth service everything is kept: it has the cluster's
certificate authorities (backend).
"""

from __future__ import annotations

from guestseal.seal.operation import Guard, Kind, Operation

STATE = "/var/lib/teleport"

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(f"{STATE}/host_uuid", f"{STATE}/proc/*"),
    needs=(
        Guard(
            lambda guest: not guest.tree.exists(f"{STATE}/backend"),
            "this machine runs Teleport's auth service: a template should not",
        ),
    ),
)
