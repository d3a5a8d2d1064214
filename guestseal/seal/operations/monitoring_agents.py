"""Report the registration and keys of monitoring agents

Agents that a server has to know do not work without their registration, and a key or a name
in the configuration may be meant for all clones: so these are reported, with what to do.

Looked for are Elastic Agent, Splunk's forwarder, New Relic, Datadog, Zabbix, Icinga 2,
Checkmk, Telegraf, rport and InfluxDB tokens. What makes itself a new number is removed: see
monitoring-agent-ids and wazuh-agent.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

NAMED = "gives every clone the same name"
KEY = "holds a key or a token"
GIVEN = "remove it, or have each clone given its own"
ZABBIX = ("/etc/zabbix/zabbix_agent*.conf", "/etc/zabbix/zabbix_agent*.d/*.conf")

OPERATION = Operation(
    kind=Kind.IDENTITY,
    findings=signs(
        Sign(
            ("/opt/Elastic/Agent/fleet.enc", "/etc/elastic-agent/fleet.enc"),
            "is the enrolment of Elastic Agent",
            "run elastic-agent unenroll, and enrol each clone",
        ),
        Sign(
            ("/opt/splunkforwarder/etc/instance.cfg", "/opt/splunk/etc/instance.cfg"),
            "is Splunk's number of this machine",
            "stop Splunk and run splunk clone-prep-clear-config",
        ),
        Sign(("/etc/newrelic-infra.yml",), KEY, GIVEN, holds=rb"^license_key:[ \t]*\S"),
        Sign(("/var/db/newrelic-infra/data",), "is New Relic's state", "stop newrelic-infra and remove it"),
        Sign(("/var/lib/icinga2/certs/*.key",), "is the node's private key", "run icinga2 node setup on each clone"),
        Sign(
            ("/var/lib/cmk-agent/registered_connections.json",),
            "is the registration of Checkmk's agent",
            "run cmk-agent-ctl delete-all, and register each clone",
        ),
        Sign(ZABBIX, NAMED, "remove Hostname, or use HostnameItem", holds=rb"^\s*Hostname\s*=(?!Zabbix server\s*$)"),
        Sign(ZABBIX, "names a file with a shared key", GIVEN, holds=rb"^\s*TLSPSKFile\s*=[ \t]*\S"),
        Sign(("/etc/datadog-agent/auth_token",), KEY, "remove it: the agent makes a new one"),
        Sign(("/etc/datadog-agent/datadog.yaml",), NAMED, "remove hostname", holds=rb"^hostname:[ \t]*\S"),
        Sign(("/etc/datadog-agent/datadog.yaml",), KEY, GIVEN, holds=rb"^api_key:[ \t]*\S"),
        Sign(
            ("/etc/telegraf/telegraf.conf", "/etc/telegraf/telegraf.d/*"), KEY, GIVEN, holds=rb"^\s*token\s*=[ \t]*.\w"
        ),
        Sign(("/etc/rport/rport.conf",), KEY, GIVEN, holds=rb"^\s*auth\s*=[ \t]*\S"),
    ),
)
