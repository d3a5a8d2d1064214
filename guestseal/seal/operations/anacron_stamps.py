"""Remove anacron's and SUSE's record of when cron's jobs ran

Not done unless asked for: where there is no record, anacron and SUSE's run-crons take daily,
weekly and monthly jobs for never run, and all clones do them soon after their first boot. With
the template's record a clone does those that are due since then.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=("/var/spool/anacron/cron.*", "/var/spool/cron/lastrun/cron.*"),
    default=False,
)
