"""The audit log."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

TOP = {"/var/log/audit": Dir(0o700)}
RECORD = "type=USER_LOGIN msg=audit(1700000000.000:1): acct=root\n"
FULL = {"/var/log/audit/audit.log": File(RECORD, 0o600), "/var/log/audit/audit.log.1": File(RECORD, 0o400)}
EMPTY = {"/var/log/audit/audit.log": File("", 0o600)}

CASES = (
    Case(
        "RHEL",
        REDHAT,
        {**TOP, **FULL, "/var/log/messages": File("x\n")},
        {**TOP, **EMPTY, "/var/log/messages": File("x\n")},
    ),
    Case(
        "Debian, compressed by logrotate",
        DEBIAN,
        {**TOP, **FULL, "/var/log/audit/audit.log.2.gz": File("x")},
        {**TOP, **EMPTY},
    ),
    Case("SUSE", SUSE, {**TOP, **FULL}, {**TOP, **EMPTY}),
    Case("empty already", ALPINE, {**TOP, **EMPTY}),
)
