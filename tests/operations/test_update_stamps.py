"""The stamps of offline updates, and the lock beside them."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

STAMPS = {"/etc/.updated": File("# This file was created by systemd-update-done.\n"), "/var/.updated": File("#\n")}
LOCK = {"/etc/.pwd.lock": File("", 0o600)}

CASES = (
    Case("Debian", DEBIAN, {**STAMPS, **LOCK}, {**LOCK, "/var": Dir()}),
    Case("RHEL", REDHAT, {**STAMPS, **LOCK}, {**LOCK, "/var": Dir()}),
    Case("SUSE", SUSE, {**STAMPS, "/etc/updated": File("x")}, {"/etc/updated": File("x"), "/var": Dir()}),
    Case("none", ALPINE, LOCK),
)
