"""Agents that make themselves a new number."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

UUID, SECRET = File('{"uuid":"0123"}'), File("-----BEGIN PRIVATE KEY-----\n", 0o600)
NETDATA = "/var/lib/netdata"

CASES = (
    Case(
        "Beats",
        DEBIAN,
        {
            "/var/lib/filebeat/meta.json": UUID,
            "/var/lib/metricbeat/meta.json": UUID,
            "/var/lib/filebeat/registry/filebeat/log.json": UUID,
            "/var/lib/other/meta.json": UUID,
            "/etc/filebeat/filebeat.yml": File("output.console:\n"),
        },
        {
            "/var/lib/filebeat/registry/filebeat/log.json": UUID,
            "/var/lib/metricbeat": Dir(),
            "/var/lib/other/meta.json": UUID,
            "/etc/filebeat/filebeat.yml": File("output.console:\n"),
        },
    ),
    Case(
        "Netdata",
        ALPINE,
        {
            f"{NETDATA}/registry/netdata.public.unique.id": File("0123"),
            f"{NETDATA}/registry/registry.db": File("x"),
            f"{NETDATA}/cloud.d/private.pem": SECRET,
            f"{NETDATA}/cloud.d/claimed_id": File("0123"),
        },
        {f"{NETDATA}/registry/registry.db": File("x"), f"{NETDATA}/cloud.d": Dir()},
    ),
    Case(
        "osquery",
        REDHAT,
        {"/var/osquery/osquery.db/000004.log": SECRET, "/etc/osquery/osquery.flags": File("--tls_hostname=x\n")},
        {"/var/osquery": Dir(), "/etc/osquery/osquery.flags": File("--tls_hostname=x\n")},
    ),
    Case("not run yet", SUSE, {"/var/lib/filebeat": Dir(0o750), f"{NETDATA}/registry": Dir()}),
)
