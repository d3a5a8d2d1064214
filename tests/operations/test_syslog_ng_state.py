"""syslog-ng's host ID and what it keeps beside it."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

PERSIST = File(b"SLP4host_id\x00\x12\x34\x56\x78", 0o600)
BUFFER = File(b"SLRQ<13>template secret\n", 0o600)
CONF = File("@version: 3.38\n")
LIB = "/var/lib/syslog-ng"

CASES = (
    Case(
        "positions and disk buffers",
        DEBIAN,
        {
            f"{LIB}/syslog-ng.persist": PERSIST,
            f"{LIB}/syslog-ng.persist-": PERSIST,
            f"{LIB}/syslog-ng-00000.rqf": BUFFER,
            f"{LIB}/syslog-ng-00001.qf": BUFFER,
            "/etc/syslog-ng/syslog-ng.conf": CONF,
        },
        {LIB: Dir(), "/etc/syslog-ng/syslog-ng.conf": CONF},
    ),
    Case("a host ID of its own", SUSE, {f"{LIB}/hostid": File("12345678\n")}, {LIB: Dir()}),
    Case("not started", REDHAT, {LIB: Dir(0o700)}),
    Case("something else", ALPINE, {f"{LIB}/patterndb.xml": CONF}),
)
