"""Queues lose their mail and keep their directories."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, Fifo, File

MAIL = File("To: kim@example.com\n\nhunter2\n", 0o700)
POSTFIX = "/var/spool/postfix"
QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "saved", "trace")
SMTPD = ("corrupt", "incoming", "offline", "purge", "queue", "temporary")
KEPT = {
    f"{POSTFIX}/public/pickup": Fifo(0o622, (100, 0)),
    f"{POSTFIX}/pid/master.pid": File("1\n", 0o600),
    f"{POSTFIX}/etc/resolv.conf": File("nameserver 192.0.2.1\n"),
    f"{POSTFIX}/deferred/A": Dir(0o700, (100, 0)),
    f"{POSTFIX}/maildrop": Dir(0o1730, (100, 110)),
}

CASES = (
    Case(
        "Postfix",
        DEBIAN,
        {**KEPT, f"{POSTFIX}/deferred/A/A1B2C": MAIL, **{f"{POSTFIX}/{queue}/0A1B2": MAIL for queue in QUEUES}},
        {**{f"{POSTFIX}/{queue}": Dir() for queue in QUEUES}, **KEPT},
    ),
    Case(
        "Exim, nullmailer and dma",
        DEBIAN,
        {
            "/var/spool/exim4/input/1abcde-000001-AA-H": MAIL,
            "/var/spool/exim4/msglog/1abcde-000001-AA": MAIL,
            "/var/spool/exim4/db/retry": MAIL,
            "/var/spool/nullmailer/queue/1.2": MAIL,
            "/var/spool/nullmailer/failed/1.3": MAIL,
            "/var/spool/nullmailer/tmp/1": MAIL,
            "/var/spool/nullmailer/trigger": Fifo(0o622),
            "/var/spool/dma/M1234.5": MAIL,
            "/var/spool/dma/Q1234.5": MAIL,
            "/var/spool/dma/flush": File(""),
        },
        {
            "/var/spool/exim4/input": Dir(),
            "/var/spool/exim4/msglog": Dir(),
            "/var/spool/exim4/db": Dir(),
            "/var/spool/nullmailer/queue": Dir(),
            "/var/spool/nullmailer/failed": Dir(),
            "/var/spool/nullmailer/tmp": Dir(),
            "/var/spool/nullmailer/trigger": Fifo(0o622),
            "/var/spool/dma/flush": File(""),
        },
    ),
    Case(
        "sendmail",
        REDHAT,
        {
            "/var/spool/mqueue/qf0A1B2": MAIL,
            "/var/spool/mqueue/q1/df0A1B2": MAIL,
            "/var/spool/clientmqueue/qf0A1B3": MAIL,
            "/var/spool/clientmqueue/sm-client.pid": File("1\n"),
        },
        {"/var/spool/mqueue/q1": Dir(), "/var/spool/clientmqueue/sm-client.pid": File("1\n")},
    ),
    Case(
        "OpenSMTPD",
        ALPINE,
        {f"/var/spool/smtpd/{queue}/0a/0a1b2c3d": MAIL for queue in SMTPD},
        {f"/var/spool/smtpd/{queue}/0a": Dir() for queue in SMTPD},
    ),
    Case("nothing waits", SUSE, KEPT),
)
