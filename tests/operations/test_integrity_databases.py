"""Databases of file integrity checkers."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

DB = File("@@begin_db\n/etc/passwd 0 0 100644\n", 0o600)

CASES = (
    Case(
        "AIDE and rkhunter",
        DEBIAN,
        {
            "/var/lib/aide/aide.db": DB,
            "/var/lib/aide/aide.db.new": DB,
            "/var/lib/rkhunter/db/rkhunter.dat": DB,
            "/var/lib/rkhunter/db/rkhunter_prop_list.dat": DB,
            "/var/lib/rkhunter/db/programs_bad.dat": DB,
        },
        found=(
            "/var/lib/aide/aide.db",
            "/var/lib/aide/aide.db.new",
            "/var/lib/rkhunter/db/rkhunter.dat",
            "/var/lib/rkhunter/db/rkhunter_prop_list.dat",
        ),
    ),
    Case("RHEL", REDHAT, {"/var/lib/aide/aide.db.gz": DB}, found=("/var/lib/aide/aide.db.gz",)),
    Case(
        "Tripwire and Samhain",
        SUSE,
        {"/var/lib/tripwire/template.twd": DB, "/var/lib/samhain/samhain_file": DB, "/etc/tripwire/tw.cfg": DB},
        found=("/var/lib/tripwire/template.twd", "/var/lib/samhain/samhain_file"),
    ),
    Case("not made", ALPINE, {"/etc/aide.conf": DB}),
)
