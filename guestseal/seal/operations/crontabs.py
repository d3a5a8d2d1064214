"""Report accounts' crontabs

Each clone runs them, all at the same minute. They are configuration that somebody wrote, and
stay; whether a backup or a report is to run on every clone is for that person to say.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    findings=signs(
        Sign(
            (
                "/var/spool/cron/crontabs/*",  # Debian, Alpine's dcron
                "/var/spool/cron/tabs/*",  # SUSE
                "/var/spool/cron/[!.]*",  # the RHEL family, Arch
            ),
            "runs on every clone",
            "remove it unless it is meant for them",
            holds=rb"^[ \t]*[^#\s]",
        ),
    ),
)
