"""Remove what sudo remembers of who used it

Timestamps save their user the next question for a password; "lectured" says who has been told
how to behave (sudoers(5)). Both name accounts and terminals of the template.

Cleared are the places of Debian and SUSE (/var/lib/sudo), of the RHEL family, Alpine and Arch
(/var/db/sudo), and of sudo 1.7 (a directory for each user). Left on purpose: the directories,
which belong to the package; /run/sudo is on a tmpfs.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=("/var/lib/sudo/[!tl]*", "/var/db/sudo/[!tl]*"),
    empty=("/var/lib/sudo/ts", "/var/lib/sudo/lectured", "/var/db/sudo/ts", "/var/db/sudo/lectured"),
)
