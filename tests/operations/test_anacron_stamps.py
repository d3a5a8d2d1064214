"""When cron's jobs ran, forgotten only when that is asked for."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

STAMP = File("20250101\n", 0o600)
ANACRON = "/var/spool/anacron"

CASES = (
    Case("Debian", DEBIAN, {f"{ANACRON}/cron.daily": STAMP, f"{ANACRON}/cron.weekly": STAMP}, {ANACRON: Dir()}),
    Case("RHEL", REDHAT, {f"{ANACRON}/cron.monthly": STAMP}, {ANACRON: Dir()}),
    Case("SUSE", SUSE, {"/var/spool/cron/lastrun/cron.daily": File("")}, {"/var/spool/cron/lastrun": Dir()}),
    Case("not run", ALPINE, {ANACRON: Dir(), "/etc/anacrontab": File("1 5 cron.daily run-parts /etc/cron.daily\n")}),
)
