"""Nodes of ZeroTier networks, and one that controls them."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

STATE = "/var/lib/zerotier-one"
KEPT = {
    f"{STATE}/networks.d/8056c2e21c000001.conf": File(""),
    f"{STATE}/planet": File(b"\x01p"),
    f"{STATE}/peers.d": Dir(),
}
OWN = {
    f"{STATE}/identity.secret": File("0123456789:0:PRIVATE KEY", 0o600),
    f"{STATE}/identity.public": File("0123456789:0:ab"),
    f"{STATE}/authtoken.secret": File("hunter2", 0o600),
}

CASES = (
    Case("a node", DEBIAN, {**KEPT, **OWN, f"{STATE}/peers.d/0123.peer": File(b"\x01")}, KEPT),
    Case("RHEL", REDHAT, {**KEPT, **OWN}, KEPT),
    Case(
        "a controller",
        SUSE,
        {**OWN, f"{STATE}/controller.d/network/0123456789000001.json": File("{}")},
        kept="controls ZeroTier networks",
    ),
    Case("never started", ALPINE, {**KEPT, f"{STATE}/controller.d/network": Dir()}),
)
