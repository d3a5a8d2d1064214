"""The number under which Ubuntu reports crashes."""

from __future__ import annotations

from support.operation_cases import UBUNTU, Case
from support.trees import Dir, File

ONLY = (UBUNTU,)  # whoopsie

PLACE = Dir(0o755, (111, 116))

CASES = (
    Case(
        "has reported",
        UBUNTU,
        {
            "/var/lib/whoopsie": PLACE,
            "/var/lib/whoopsie/whoopsie-id": File("0123abcd"),
            "/etc/default/whoopsie": File("report_crashes=false\n"),
        },
        {"/var/lib/whoopsie": PLACE, "/etc/default/whoopsie": File("report_crashes=false\n")},
    ),
    Case("has not", UBUNTU, {"/var/lib/whoopsie": PLACE}),
)
