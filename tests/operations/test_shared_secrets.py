"""Secrets of clusters are reported."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

SECRETS = {
    "/etc/munge/munge.key": File(b"\x00key" * 32, 0o400, (105, 105)),
    "/var/lib/rabbitmq/.erlang.cookie": File("WAUNTERZXCVBNMASDFGH", 0o400, (106, 106)),
    "/root/.erlang.cookie": File("WAUNTERZXCVBNMASDFGH", 0o400),
    "/var/lib/rabbitmq/mnesia/rabbit@master/cluster_nodes.config": File("{[rabbit@master]}.\n"),
}
HARMLESS = {
    "/etc/munge": Dir(0o700),
    "/etc/rabbitmq/rabbitmq.conf": File("listeners.tcp.default = 5672\n"),
    "/var/lib/rabbitmq/mnesia": Dir(),
}

CASES = (
    Case("Debian", DEBIAN, {**SECRETS, **HARMLESS}, found=tuple(SECRETS)),
    Case("Enterprise Linux", REDHAT, HARMLESS),
    Case("SUSE", SUSE, HARMLESS),
    Case("Alpine", ALPINE, HARMLESS),
)
