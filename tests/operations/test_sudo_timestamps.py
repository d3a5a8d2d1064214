"""What sudo remembers of its users."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

STAMP = File(b"\x02\x00", 0o600)

CASES = (
    Case(
        "Debian",
        DEBIAN,
        {"/var/lib/sudo/ts/kim": STAMP, "/var/lib/sudo/lectured/kim": STAMP},
        {"/var/lib/sudo/ts": Dir(), "/var/lib/sudo/lectured": Dir()},
    ),
    Case(
        "RHEL",
        REDHAT,
        {"/var/db/sudo/lectured/1000": STAMP, "/var/db/sudo/ts/1000": STAMP, "/var/db/Makefile": File("x\n")},
        {"/var/db/sudo/lectured": Dir(), "/var/db/sudo/ts": Dir(), "/var/db/Makefile": File("x\n")},
    ),
    Case(
        "a directory for each user",
        SUSE,
        {"/var/lib/sudo/kim/1": STAMP, "/var/db/sudo/kim/1": STAMP, "/var/lib/sudo.conf": File("x\n")},
        {"/var/lib/sudo": Dir(), "/var/db/sudo": Dir(), "/var/lib/sudo.conf": File("x\n")},
    ),
    Case("not used yet", ALPINE, {"/var/db/sudo/lectured": Dir(0o700)}),
)
