"""multipath's names."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

FILES = {"/etc/multipath/bindings": File("mpatha 3600\n", 0o600), "/etc/multipath/wwids": File("/3600/\n", 0o600)}
KEPT = {"/etc/multipath/prkeys": File("# keys\n", 0o600), "/etc/multipath.conf": File("defaults {}\n")}

CASES = (
    Case("RHEL", REDHAT, {**FILES, **KEPT}, KEPT),
    Case("SUSE", SUSE, FILES, {"/etc/multipath": Dir()}),
    Case("Debian", DEBIAN, {"/etc/multipath/wwids": File("/3600/\n")}, {"/etc/multipath": Dir()}),
    Case("none", ALPINE, KEPT),
)
