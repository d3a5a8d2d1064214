"""Mailboxes are emptied, and stay whose they are."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link

MAIL = File("From root@template Wed Jan  1 00:00:00 2025\n\nhunter2\n", 0o660, (0, 8))
EMPTY = File("", 0o660, (0, 8))
KIMS = File("From cron\n", 0o660, (1000, 8))

CASES = (
    Case(
        "mailboxes, where one place is a link",
        DEBIAN,
        {
            "/var/mail": Dir(0o2775, (0, 8)),
            "/var/mail/root": MAIL,
            "/var/mail/kim": KIMS,
            "/var/spool/mail": Link("../mail"),
        },
        {
            "/var/mail": Dir(0o2775, (0, 8)),
            "/var/mail/root": EMPTY,
            "/var/mail/kim": File("", 0o660, (1000, 8)),
            "/var/spool/mail": Link("../mail"),
        },
    ),
    Case(
        "the RHEL family's place",
        REDHAT,
        {"/var/spool/mail/root": MAIL, "/var/mail": Link("spool/mail")},
        {"/var/spool/mail/root": EMPTY, "/var/mail": Link("spool/mail")},
    ),
    Case(
        "Maildirs, and a mail server's users",
        SUSE,
        {
            "/var/mail/root": MAIL,
            "/var/spool/mail/root": MAIL,
            "/var/mail/kim/cur/1.M1.template:2,S": MAIL,
            "/var/mail/kim/new/2.M1.template": MAIL,
            "/var/mail/kim/tmp/3.M1.template": MAIL,
            "/var/spool/mail/lee/cur/1.M1.template:2,S": MAIL,
            "/var/spool/mail/lee/new/2.M1.template": MAIL,
            "/var/spool/mail/lee/tmp/3.M1.template": MAIL,
            "/var/mail/example.com/kim/new/1.M1.template": MAIL,
        },
        {
            "/var/mail/root": EMPTY,
            "/var/spool/mail/root": EMPTY,
            **{f"/var/mail/kim/{box}": Dir() for box in ("cur", "new", "tmp")},
            **{f"/var/spool/mail/lee/{box}": Dir() for box in ("cur", "new", "tmp")},
            "/var/mail/example.com/kim/new/1.M1.template": MAIL,
        },
    ),
    Case("no mail", ALPINE, {"/var/mail/root": EMPTY, "/root/mbox": MAIL}),
)
