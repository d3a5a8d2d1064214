"""Remove stale process IDs and locks

A daemon that finds its PID file may think that it runs already, and not start. Only where
/var/run and /var/lock are directories on the disk, and below /var/lib, do they outlive a
shutdown.

Not done unless asked for, and never on the running machine, whose daemons need them: today's
keep them below /run, which is empty at each boot.
"""

from __future__ import annotations

from guestseal.seal.operation import Guard, Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=("/var/run/*.pid", "/var/run/*/*.pid", "/var/lock/subsys/*", "/var/lock/LCK..*", "/var/lib/*/*.pid"),
    needs=(Guard(lambda guest: not guest.live, "the machine is running: its daemons need them"),),
    default=False,
)
