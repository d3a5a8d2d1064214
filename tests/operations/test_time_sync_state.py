"""What NTP clients measured."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

DRIFT = File("           -12.345678             0.012345\n")
COOKIES = File("#NNC0\n-----BEGIN PRIVATE KEY-----\n", 0o600)
CLOCK = {"/var/lib/systemd/timesync/clock": File("")}

CASES = (
    Case(
        "chrony",
        DEBIAN,
        {
            **CLOCK,
            "/var/lib/chrony": Dir(0o750, (110, 115)),
            "/var/lib/chrony/chrony.drift": DRIFT,
            "/var/lib/chrony/192.0.2.1.dat": DRIFT,
            "/var/lib/chrony/192.0.2.1.nts": COOKIES,
            "/var/lib/chrony/ntskeys": COOKIES,
            "/var/lib/chrony/rtc": DRIFT,
        },
        {**CLOCK, "/var/lib/chrony": Dir(0o750, (110, 115))},
    ),
    Case(
        "chrony and ntpd",
        REDHAT,
        {"/var/lib/chrony/drift": DRIFT, "/var/lib/ntp/drift": DRIFT, "/var/lib/ntpsec/ntp.drift": DRIFT},
        {"/var/lib/chrony": Dir(), "/var/lib/ntp": Dir(), "/var/lib/ntpsec": Dir()},
    ),
    Case(
        "SUSE, where drift is a directory",
        SUSE,
        {"/var/lib/ntp/drift": Dir(0o755, (74, 74)), "/var/lib/ntp/drift/ntp.drift": DRIFT},
        {"/var/lib/ntp/drift": Dir(0o755, (74, 74))},
    ),
    Case(
        "OpenNTPD",
        ALPINE,
        {"/var/lib/openntpd/ntpd.drift": DRIFT, "/etc/chrony/chrony.conf": File("pool pool.ntp.org iburst\n")},
        {"/var/lib/openntpd": Dir(), "/etc/chrony/chrony.conf": File("pool pool.ntp.org iburst\n")},
    ),
)
