"""Remove the key-value pairs that Hyper-V exchanged with the guest

hv_kvp_daemon keeps them in pools: the names and addresses of the host that the template ran
on, and what the guest told it (hv_kvp_daemon.c: KVP_CONFIG_LOC). It makes the pools anew.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=("/var/lib/hyperv/.kvp_pool_[0-4]",),
    # Debian, Ubuntu, the RHEL family, SUSE
    stop=(
        "hyperv-daemons.hv-kvp-daemon.service",
        "hv-kvp-daemon.service",
        "hypervkvpd.service",
        "hv_kvp_daemon.service",
    ),
)
