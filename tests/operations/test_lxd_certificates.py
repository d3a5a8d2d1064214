"""Servers of LXD and Incus, and a member of a cluster."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

KEY, CERTIFICATE = File("-----BEGIN EC PRIVATE KEY-----\n", 0o600), File("-----BEGIN CERTIFICATE-----\n")
SNAP, LXD, INCUS = "/var/snap/lxd/common/lxd", "/var/lib/lxd", "/var/lib/incus"


def server(place: str) -> dict[str, File]:
    """What the daemon makes when it starts."""
    return {f"{place}/server.key": KEY, f"{place}/server.crt": CERTIFICATE}


def kept(place: str) -> dict[str, File]:
    """What stays of it."""
    return {f"{place}/database/local.db": File("SQLite"), f"{place}/client.crt": CERTIFICATE}


CASES = (
    Case("LXD as a snap", DEBIAN, {**server(SNAP), **kept(SNAP)}, kept(SNAP)),
    Case("LXD as a package", SUSE, {**server(LXD), **kept(LXD)}, kept(LXD)),
    Case("Incus", REDHAT, {**server(INCUS), **kept(INCUS)}, kept(INCUS)),
    Case(
        "a member of a cluster",
        REDHAT,
        {**server(INCUS), f"{INCUS}/cluster.crt": CERTIFICATE},
        kept="member of a cluster",
    ),
    Case("never started", ALPINE, {INCUS: Dir(0o711)}),
)
