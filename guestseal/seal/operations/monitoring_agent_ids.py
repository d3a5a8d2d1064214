"""Remove the numbers of monitoring agents that make themselves a new one

Clones with one number overwrite each other's measurements. Removed are the UUID of Beats
(meta.json in path.data), Netdata's (netdata.public.unique.id, stream.conf of netdata 1.37)
with the key under which it was claimed (cloud.d), and osquery's database (--database_path),
which holds its UUID and the key it enrolled with. All make a new one when they start;
what was claimed or enrolled has to be so again.

Left on purpose: how far Beats have read each file (registry), the configuration, and agents
that do not run without a registration: see monitoring-agents.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=("/var/lib/*beat/meta.json", "/var/lib/netdata/registry/netdata.public.unique.id"),
    secrets=("/var/lib/netdata/cloud.d/*", "/var/osquery/osquery.db"),
)
