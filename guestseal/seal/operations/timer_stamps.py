"""Remove systemd's record of when timers ran

A clone made months later has missed all of them: every timer with Persistent=true would fire
at its first boot (apt-daily, fstrim, logrotate …), on all clones at once. Without the stamp
systemd makes one with the current time (systemd, src/core/timer.c: timer_start) and waits for
the next turn.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=("/var/lib/systemd/timers/stamp-*", "{home}/.local/share/systemd/timers/stamp-*"),
)
