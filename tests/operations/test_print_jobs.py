"""Documents in printers' queues."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

JOB = File("%PDF-1.7 payroll\n", 0o600, (0, 7))
SPOOL = {"/var/spool/cups": Dir(0o710, (0, 7)), "/var/spool/cups/tmp": Dir(0o1770, (0, 7))}
CONF = File("<Printer lp>\n", 0o600)

CASES = (
    Case(
        "CUPS",
        DEBIAN,
        {
            **SPOOL,
            "/var/spool/cups/c00001": JOB,
            "/var/spool/cups/d00001-001": JOB,
            "/var/spool/cups/tmp/foomatic-1": JOB,
            "/etc/cups/printers.conf": CONF,
        },
        {**SPOOL, "/etc/cups/printers.conf": CONF},
    ),
    Case(
        "LPD",
        SUSE,
        {
            "/var/spool/lpd/lp/cfA001template": JOB,
            "/var/spool/lpd/lp/dfA001template": JOB,
            "/var/spool/lpd/lp/cf002template": JOB,
            "/var/spool/lpd/lp/status": File("ready\n"),
        },
        {"/var/spool/lpd/lp/status": File("ready\n")},
    ),
    Case("no jobs", REDHAT, {**SPOOL, "/etc/cups/printers.conf": CONF}),
    Case("no printer", ALPINE, {"/srv/d00001-001": JOB}),
)
