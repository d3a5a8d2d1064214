"""Report the databases of file integrity checkers

AIDE, Tripwire, rkhunter and Samhain compare with what they once saw. Sealing changes files, so
a clone that checks against the template's database raises an alarm, or somebody gets used to it.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    findings=signs(
        Sign(
            (
                "/var/lib/aide/aide.db*",
                "/var/lib/tripwire/*.twd",
                *("/var/lib/rkhunter/db/rkhunter.dat", "/var/lib/rkhunter/db/rkhunter_prop_list.dat"),
                "/var/lib/samhain/samhain_file",
            ),
            "is the template's: a clone does not match it",
            "remove it, and have each clone make its own",
        ),
    ),
)
