"""What performance monitors recorded."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

X = File(b"\x50\x05\x26template", 0o644)

CASES = (
    Case(
        "Munin and collectd",
        DEBIAN,
        {
            "/var/lib/munin/example.com/template-load-load-g.rrd": X,
            "/var/lib/munin/datafile.storable": X,
            "/var/lib/munin/limits.storable": X,
            "/var/lib/munin/state-example.com-template.storable": X,
            "/var/lib/munin/cgi-tmp": Dir(0o775, (110, 33)),
            "/var/lib/munin-node/plugin-state/nobody/x.state": X,
            "/var/lib/munin-async/spool": X,
            "/var/lib/collectd/rrd/template/load/load.rrd": X,
            "/var/lib/collectd/csv/template/load-2025": X,
        },
        {
            "/var/lib/munin/example.com": Dir(),
            "/var/lib/munin/cgi-tmp": Dir(0o775, (110, 33)),
            "/var/lib/munin-node/plugin-state/nobody": Dir(),
            "/var/lib/munin-async": Dir(),
            "/var/lib/collectd/rrd": Dir(),
            "/var/lib/collectd/csv": Dir(),
        },
    ),
    Case(
        "PCP and atop",
        REDHAT,
        {
            "/var/log/pcp/pmlogger": Dir(0o775, (990, 990)),
            "/var/log/pcp/pmlogger/template/20250101.0": X,
            "/var/log/pcp/pmie/template/pmie.log": X,
            "/var/log/pcp/sa/sar01": X,
            "/var/log/pcp/pmcd/pmcd.log": X,
            "/var/log/atop/atop_20250101": X,
            "/var/lib/pcp/config/pmlogger/config.default": X,
        },
        {
            "/var/log/pcp/pmlogger": Dir(0o775, (990, 990)),
            "/var/log/pcp/pmie": Dir(),
            "/var/log/pcp/sa": Dir(),
            "/var/log/pcp/pmcd/pmcd.log": X,
            "/var/log/atop": Dir(),
            "/var/lib/pcp/config/pmlogger/config.default": X,
        },
    ),
    Case("not run", SUSE, {"/var/lib/collectd/rrd": Dir(), "/etc/collectd.conf": File("Hostname x\n")}),
    Case("none", ALPINE, {"/var/lib/munin/x.txt": X}),
)
