"""Remove print jobs

Documents that were printed, or were to be: a clone would print them. CUPS keeps what each job
was (c00001) and its files (d00001-001), LPD its control and data files.

Left on purpose: the directories, and the printers themselves.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *("/var/spool/cups/[cd][0-9]*", "/var/spool/cups/tmp/*"),
        *("/var/spool/lpd/*/[cdt]f[A-Z]*", "/var/spool/lpd/*/[cd]f[0-9]*"),
    ),
    stop=("cups.socket", "cups.path", "cups.service"),
)
