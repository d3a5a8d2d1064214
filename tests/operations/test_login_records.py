"""Who logged in, in the old files and the new databases."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

UTMP = (0, 43)

CASES = (
    Case(
        "the old files keep owner and mode",
        DEBIAN,
        {
            "/var/log/wtmp": File(b"\x07\x00", 0o664, UTMP),
            "/var/log/wtmp.1": File(b"\x07\x00", 0o664, UTMP),
            "/var/log/btmp": File(b"\x06\x00", 0o660, UTMP),
            "/var/log/lastlog": File(b"\x00" * 300, 0o664, UTMP),
            "/var/log/lastlog.1": File(b"\x00", 0o664, UTMP),
            "/var/log/faillog": File(b"\x00" * 32, 0o644),
            "/var/log/faillog.1": File(b"\x00", 0o644),
            "/var/log/auth.log": File("x\n"),
        },
        {
            "/var/log/wtmp": File("", 0o664, UTMP),
            "/var/log/btmp": File("", 0o660, UTMP),
            "/var/log/lastlog": File("", 0o664, UTMP),
            "/var/log/faillog": File("", 0o644),
            "/var/log/auth.log": File("x\n"),
        },
    ),
    Case(
        "RHEL, dated copies and counters",
        REDHAT,
        {
            "/var/log/btmp-20250101": File("x", 0o660, UTMP),
            "/var/log/tallylog": File(b"\x01", 0o600),
            "/var/log/tallylog-20250101": File(b"\x01", 0o600),
            "/var/lib/faillock/root": File(b"\x01", 0o600),
        },
        {"/var/log/tallylog": File("", 0o600), "/var/lib/faillock": Dir()},
    ),
    Case(
        "the databases of SUSE and Debian 13",
        SUSE,
        {
            "/var/lib/wtmpdb/wtmp.db": File("SQLite"),
            "/var/lib/wtmpdb/wtmp.db-wal": File("x"),
            "/var/lib/wtmpdb/wtmp_20250101.db": File("SQLite"),
            "/var/lib/lastlog/lastlog2.db": File("SQLite"),
            "/var/log/wtmp.db": File("SQLite"),
        },
        {"/var/lib/wtmpdb": Dir(), "/var/lib/lastlog": Dir(), "/var/log": Dir()},
    ),
    Case("empty already", ALPINE, {"/var/log/wtmp": File("", 0o664, UTMP), "/var/log/btmp": File("", 0o660, UTMP)}),
)
