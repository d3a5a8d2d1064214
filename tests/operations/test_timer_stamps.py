"""Stamps of timers, the system's and accounts' own."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

TIMERS = "/var/lib/systemd/timers"
STAMP = File("")

CASES = (
    Case(
        "a machine that has run",
        DEBIAN,
        {
            f"{TIMERS}/stamp-apt-daily.timer": STAMP,
            f"{TIMERS}/stamp-fstrim.timer": STAMP,
            "/root/.local/share/systemd/timers/stamp-backup.timer": STAMP,
            "/etc/systemd/system/backup.timer": File("[Timer]\nPersistent=true\n"),
        },
        {
            TIMERS: Dir(),
            "/root/.local/share/systemd/timers": Dir(),
            "/etc/systemd/system/backup.timer": File("[Timer]\nPersistent=true\n"),
        },
    ),
    Case("RHEL", REDHAT, {f"{TIMERS}/stamp-dnf-makecache.timer": STAMP}, {TIMERS: Dir()}),
    Case("no timer has run", SUSE, {TIMERS: Dir(), "/var/lib/systemd/timesync/clock": File("")}),
    Case("no systemd", ALPINE, {"/var/spool/cron/lastrun/stamp": STAMP}),
)
