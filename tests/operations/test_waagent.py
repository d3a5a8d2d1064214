"""The state of Azure's agent."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link

LIB = "/var/lib/waagent"
KEY = File("-----BEGIN PRIVATE KEY-----\n", 0o600)
OVF = File("<UserPassword>hunter2</UserPassword>\n", 0o600)
CONF = File("Provisioning.Agent=auto\n")
RULE = File('ATTRS{vendor}=="Msft"\n')

CASES = (
    Case(
        "a provisioned machine",
        DEBIAN,
        {
            LIB: Dir(0o700),
            f"{LIB}/TransportPrivate.pem": KEY,
            f"{LIB}/0123ABCD.prv": KEY,
            f"{LIB}/ovf-env.xml": OVF,
            f"{LIB}/provisioned": File("uuid"),
            f"{LIB}/Microsoft.Azure.Extensions.CustomScript-2.1.6/config/0.settings": OVF,
            f"{LIB}/agent": Link("/var/lib/waagent/WALinuxAgent-2.9.1.1"),
            "/var/log/waagent.log": OVF,
            "/var/log/waagent.log.1": OVF,
            "/var/log/azure/Microsoft.Azure.Extensions.CustomScript/CommandExecution.log": OVF,
            "/etc/waagent.conf": CONF,
            "/etc/udev/rules.d/66-azure-storage.rules": RULE,
        },
        {
            LIB: Dir(0o700),
            "/var/log/azure": Dir(),
            "/etc/waagent.conf": CONF,
            "/etc/udev/rules.d/66-azure-storage.rules": RULE,
        },
    ),
    Case("its logs only", REDHAT, {"/var/log/waagent.log": OVF}, {"/var/log": Dir()}),
    Case("installed", SUSE, {LIB: Dir(0o700), "/etc/waagent.conf": CONF}),
    Case("no agent", ALPINE, {"/var/log/messages": OVF}),
)
