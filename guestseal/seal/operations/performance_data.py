"""Remove records of performance monitors

They bear the template's name and would be drawn as the clone's: archives of PCP and atop,
databases of collectd and Munin, and what Munin's plugins note between two runs.

Left on purpose: the directories that belong to packages, and all configuration. sysstat and
process accounting go with accounting.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        *("/var/log/pcp/pmlogger/*", "/var/log/pcp/pmie/*", "/var/log/pcp/sa/*", "/var/log/atop/*"),
        *("/var/lib/collectd/rrd/*", "/var/lib/collectd/csv/*"),
        *("/var/lib/munin/*/*.rrd", "/var/lib/munin/datafile*", "/var/lib/munin/limits*", "/var/lib/munin/state-*"),
        *("/var/lib/munin-node/plugin-state/*/*", "/var/lib/munin-async/*"),
    ),
    stop=("pmlogger.service", "pmie.service", "atop.service", "collectd.service", "munin-node.service"),
)
