"""What agents cannot do without: reported, never touched."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

X = File("x")
SPLUNK, ELASTIC = "/opt/splunkforwarder/etc", "/opt/Elastic/Agent"
CHECKMK = "/var/lib/cmk-agent"

CASES = (
    Case(
        "Elastic Agent and Splunk",
        REDHAT,
        {
            f"{ELASTIC}/fleet.enc": X,
            "/etc/elastic-agent/fleet.enc": X,
            f"{ELASTIC}/elastic-agent.yml": X,
            f"{SPLUNK}/instance.cfg": X,
            "/opt/splunk/etc/instance.cfg": X,
            f"{SPLUNK}/splunk-launch.conf": X,
        },
        found=(
            *(f"{ELASTIC}/fleet.enc", "/etc/elastic-agent/fleet.enc"),
            *("/opt/splunk/etc/instance.cfg", f"{SPLUNK}/instance.cfg"),
        ),
    ),
    Case(
        "New Relic, Icinga and Checkmk",
        SUSE,
        {
            "/var/db/newrelic-infra/data/agent_id": X,
            "/etc/newrelic-infra.yml": File("license_key: hunter2\n", 0o600),
            "/var/lib/icinga2/certs/template.key": X,
            "/var/lib/icinga2/certs/ca.crt": X,
            f"{CHECKMK}/registered_connections.json": X,
            f"{CHECKMK}/cmk-agent-ctl.gz": X,
        },
        found=(
            "/etc/newrelic-infra.yml",
            *("/var/db/newrelic-infra/data", f"{CHECKMK}/registered_connections.json"),
            "/var/lib/icinga2/certs/template.key",
        ),
    ),
    Case(
        "Zabbix",
        DEBIAN,
        {
            "/etc/zabbix/zabbix_agentd.conf": File("Hostname=template\nTLSPSKFile=/etc/zabbix/psk\n"),
            "/etc/zabbix/zabbix_agent2.conf": File("Hostname=Zabbix server\n# TLSPSKFile=\n"),
            "/etc/zabbix/zabbix_agentd.d/name.conf": File("Hostname = template\n"),
        },
        found=(
            *("/etc/zabbix/zabbix_agentd.conf", "/etc/zabbix/zabbix_agentd.conf"),
            "/etc/zabbix/zabbix_agentd.d/name.conf",
        ),
    ),
    Case(
        "Datadog, Telegraf and rport",
        DEBIAN,
        {
            "/etc/datadog-agent/auth_token": X,
            "/etc/datadog-agent/datadog.yaml": File("api_key: hunter2\nhostname: template\n", 0o640),
            "/etc/telegraf/telegraf.conf": File('[[outputs.influxdb_v2]]\n  token = "hunter2"\n'),
            "/etc/telegraf/telegraf.d/out.conf": File("token = 'hunter2'\n"),
            "/etc/telegraf/telegraf.d/cpu.conf": File('[[inputs.cpu]]\n  # token = "x"\n'),
            "/etc/rport/rport.conf": File('[client]\n  auth = "user:hunter2"\n'),
        },
        found=(
            *("/etc/datadog-agent/auth_token", "/etc/datadog-agent/datadog.yaml", "/etc/datadog-agent/datadog.yaml"),
            *("/etc/rport/rport.conf", "/etc/telegraf/telegraf.conf"),
            "/etc/telegraf/telegraf.d/out.conf",
        ),
    ),
    Case(
        "names and keys as comments",
        SUSE,
        {
            "/etc/datadog-agent/datadog.yaml": File("# api_key: x\napi_key:\n# hostname: x\n"),
            "/etc/rport/rport.conf": File("[client]\n#auth = x\n"),
            "/etc/newrelic-infra.yml": File("# license_key: x\n"),
        },
    ),
    Case(
        "not set up", ALPINE, {"/var/lib/icinga2/certs": Dir(), "/etc/zabbix/zabbix_agentd.conf": File("# Hostname=\n")}
    ),
)
