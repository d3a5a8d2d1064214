"""Agents of a Teleport cluster, and its auth service."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

STATE = "/var/lib/teleport"
KEPT = {"/etc/teleport.yaml": File("teleport:\n", 0o600), f"{STATE}/log": Dir()}
OWN = {f"{STATE}/host_uuid": File("0123"), f"{STATE}/proc/sqlite.db": File("-----BEGIN RSA PRIVATE KEY-----\n", 0o600)}

CASES = (
    Case("an agent", DEBIAN, {**KEPT, **OWN}, {**KEPT, f"{STATE}/proc": Dir()}),
    Case("RHEL", REDHAT, {**KEPT, **OWN}, {**KEPT, f"{STATE}/proc": Dir()}),
    Case("the auth service", SUSE, {**KEPT, **OWN, f"{STATE}/backend/sqlite.db": File("SQLite")}, kept="auth service"),
    Case("never started", ALPINE, KEPT),
)
