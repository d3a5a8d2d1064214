"""Logs that Amazon's agents keep beside themselves."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

AGENT = "/opt/aws/amazon-cloudwatch-agent"
LOG = File("I! instance i-0123 of account 123456789012\n")
CONF = File("{}\n")

CASES = (
    Case(
        "the CloudWatch agent",
        REDHAT,
        {
            f"{AGENT}/logs/amazon-cloudwatch-agent.log": LOG,
            f"{AGENT}/logs/state/_var_log_messages": File("1234\n/var/log/messages"),
            f"{AGENT}/etc/amazon-cloudwatch-agent.json": CONF,
            f"{AGENT}/bin/amazon-cloudwatch-agent": File("ELF", 0o755),
        },
        {
            f"{AGENT}/logs/state": Dir(),
            f"{AGENT}/etc/amazon-cloudwatch-agent.json": CONF,
            f"{AGENT}/bin/amazon-cloudwatch-agent": File("ELF", 0o755),
        },
    ),
    Case("not started", DEBIAN, {f"{AGENT}/logs": Dir(), "/opt/aws/bin/cfn-init": File("x", 0o755)}),
    Case("another program's", SUSE, {"/opt/other/logs/x.log": LOG}),
    Case("no agent", ALPINE, {"/opt": Dir()}),
)
