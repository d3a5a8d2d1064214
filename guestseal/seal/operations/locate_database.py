"""Remove the databases of locate

They name every file the template had, those that were removed before it was sealed as well.
updatedb makes them anew once a day. Left on purpose: the directories.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        *("/var/lib/plocate/plocate.db", "/var/lib/mlocate/mlocate.db", "/var/lib/mlocate/daily.lock"),
        *("/var/lib/slocate/slocate.db", "/var/lib/locatedb", "/var/cache/locate/locatedb*"),
    ),
    stop=("plocate-updatedb.timer", "mlocate-updatedb.timer", "updatedb.timer"),
)
