"""Report version control of /etc

etckeeper and its like keep every version of every file in /etc: each password hash, key and
token that ever was there, also those that sealing removes. Whoever wants the history of the
template on its clones keeps it.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            ("/etc/.git", "/etc/.hg", "/etc/.bzr", "/etc/_darcs"),
            "holds everything that ever was in /etc, removed secrets included",
            "remove it, and run `etckeeper init` on the clones",
        ),
    ),
)
