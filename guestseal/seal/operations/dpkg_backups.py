"""Remove the daily copies of dpkg's and apt's databases

dpkg-db-backup and cron.daily/apt-compat keep a week of copies in /var/backups: which packages
there were, and when. They are made again from the databases themselves, which stay.

Left on purpose: the directory; what others put there. The copies of passwd and shadow are
account-backups'.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        *(f"/var/backups/dpkg.{name}*" for name in ("arch", "status", "diversions", "statoverride")),
        *("/var/backups/alternatives.tar.*", "/var/backups/apt.extended_states*"),
    ),
)
