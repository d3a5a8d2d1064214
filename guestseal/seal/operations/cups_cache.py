"""Remove what CUPS remembers of printers and jobs

job.cache lists the jobs that were printed, with their users, *.data what printers in the
network said of themselves, remote.cache (before CUPS 1.6) which of them there were, help.index
and ppds.dat are indexes: cupsd(8) writes all of them again.

Left on purpose: /var/cache/cups and its directory rss, which cupsd expects with their owner
and mode; printers.conf.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=tuple(
        f"/var/cache/cups/{name}"
        for name in ("job.cache*", "remote.cache*", "help.index*", "ppds.dat*", "*.data", "*.ipp", "rss/*")
    ),
    stop=("cups.service",),
)
