"""Remove logrotate's record of when it rotated what

The dates belong to the template: a clone made months later would rotate every log on its
first day. logrotate starts a new record when there is none.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        "/var/lib/logrotate/status",  # Debian
        "/var/lib/logrotate/logrotate.status",  # the RHEL family
        "/var/lib/logrotate.status",  # Arch, Alpine, RHEL 6 and 7
        "/var/lib/misc/logrotate.status",  # SUSE
    ),
    stop=("logrotate.timer",),
)
