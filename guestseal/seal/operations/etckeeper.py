"""Report version control of /etc

etckeeper and its like keep every version of every file in /etc: each password hash, key and
token that ever was there, also those that sealing removes. Whoever wants the history of the
template on its clones keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.earlier_states import VERSIONS_OF_ETC
from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation


def _found(guest: Guest) -> Iterator[Finding]:
    for path in VERSIONS_OF_ETC.states(guest.tree):
        yield Finding(path, "holds everything that ever was in /etc, removed secrets included", VERSIONS_OF_ETC.remedy)


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
