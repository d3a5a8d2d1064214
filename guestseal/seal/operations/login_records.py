"""Empty the records of who logged in

wtmp, btmp, lastlog, faillog and tallylog are truncated and not removed: without
systemd-tmpfiles nothing makes them again, and where they are missing nothing is recorded.
Their rotated copies are removed, and so are the databases of wtmpdb and lastlog2, which
have taken their place on newer distributions and are made anew, and pam_faillock's
counters of failed logins.

Left on purpose: the directories, which belong to packages.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        "/var/log/[wb]tmp[.-]*",  # wtmp.1, btmp-20250101, and openSUSE's older wtmp.db
        "/var/log/lastlog[.-]*",
        "/var/log/faillog[.-]*",
        "/var/log/tallylog[.-]*",
        "/var/lib/wtmpdb/wtmp*",  # wtmp.db with its -wal and -shm; wtmpdb(8) rotates to wtmp_YYYYMMDD.db
        "/var/lib/lastlog/lastlog2.db*",
        "/var/lib/faillock/*",
    ),
    truncate=(
        "/var/log/wtmp",
        "/var/log/btmp",
        "/var/log/lastlog",
        "/var/log/faillog",
        "/var/log/tallylog",
    ),
)
