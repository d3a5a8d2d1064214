"""Enrolled fingerprints."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

PRINT = {"/var/lib/fprint/kim/synaptics/0/7": File(b"FP3", 0o600)}
STAYS = {"/etc/fprintd.conf": File("[storage]\ntype=file\n")}

CASES = (
    Case("Debian", DEBIAN, {**PRINT, **STAYS}, {**STAYS, "/var/lib/fprint": Dir()}),
    Case("RHEL", REDHAT, {**PRINT, **STAYS}, {**STAYS, "/var/lib/fprint": Dir()}),
    Case("SUSE", SUSE, {"/var/lib/fprint": Dir(0o700), **PRINT}, {"/var/lib/fprint": Dir(0o700)}),
    Case("none enrolled", ALPINE, {**STAYS, "/var/lib/fprint": Dir(0o700)}),
)
