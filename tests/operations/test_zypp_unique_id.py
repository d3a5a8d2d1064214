"""openSUSE's number, made or switched off."""

from __future__ import annotations

from support.operation_cases import SUSE, Case
from support.trees import File, Link

ONLY = (SUSE,)  # zypper

NUMBER = "/var/lib/zypp/AnonymousUniqueId"
KEPT = {"/var/lib/zypp/AutoInstalled": File("bash\n"), "/var/lib/zypp/LastDistributionFlavor": File("dvd")}

CASES = (
    Case("counted", SUSE, {**KEPT, NUMBER: File("a2f8e1c0-0000-4000-8000-000000000001")}, KEPT),
    Case("switched off by an empty file", SUSE, {**KEPT, NUMBER: File("")}),
    Case("switched off by a link", SUSE, {**KEPT, NUMBER: Link("/dev/null")}),
)
