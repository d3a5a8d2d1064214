"""Process accounting and sysstat."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

CASES = (
    Case(
        "RHEL",
        REDHAT,
        {
            "/var/account/pacct": File(b"\x02", 0o600),
            "/var/account/pacct-20250101": File(b"\x02", 0o600),
            "/var/log/sa/sa01": File(b"\x96"),
            "/var/log/sa/sar01": File("Linux (template)\n"),
        },
        {"/var/account/pacct": File("", 0o600), "/var/log/sa": Dir()},
    ),
    Case(
        "Debian",
        DEBIAN,
        {
            "/var/log/account": Dir(0o750, (0, 4)),
            "/var/log/account/pacct": File(b"\x02", 0o640, (0, 4)),
            "/var/log/account/pacct.0": File(b"\x02"),
            "/var/log/account/pacct.1.gz": File(b"\x02"),
            "/var/log/sysstat/sa01": File(b"\x96"),
        },
        {
            "/var/log/account": Dir(0o750, (0, 4)),
            "/var/log/account/pacct": File("", 0o640, (0, 4)),
            "/var/log/sysstat": Dir(),
        },
    ),
    Case("SUSE", SUSE, {"/var/log/sa/sa20250101": File(b"\x96")}, {"/var/log/sa": Dir()}),
    Case("nothing recorded", ALPINE, {"/var/log/sa": Dir(), "/var/log/account/pacct": File("", 0o600)}),
)
