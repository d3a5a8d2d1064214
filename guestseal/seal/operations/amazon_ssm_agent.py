"""Remove the registration with AWS Systems Manager

An agent outside EC2 is a managed instance by its key in the vault; clones with the same are
one instance, and whoever has the key is it. Removed are the vault (agent/managedInstances/
vault/fsvault), the registration, and the directory of each instance (i-…, mi-…), in which
the agent keeps commands with their output. An agent that came as a snap keeps all this in
the same place.

In EC2 an agent needs no registration; elsewhere each clone has to be activated. Left on
purpose: the configuration, installed packages and documents.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

STATE = "/var/lib/amazon/ssm"  # agent/appconfig/constants_unix.go

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(f"{STATE}/Vault/*", f"{STATE}/registration", f"{STATE}/i-*", f"{STATE}/mi-*", f"{STATE}/runtimeconfig/*"),
)
