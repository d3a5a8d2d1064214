"""Remove the lock and cache files of RPM's old database

Berkeley DB keeps its environment (__db.001 …) beside the database; it belongs to the
running system, and one that was copied makes rpm hang or fail on a clone. rpm makes it
anew.

Left on purpose: the database itself, in every format.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.CLUTTER, remove=("/var/lib/rpm/__db.*", "/usr/lib/sysimage/rpm/__db.*"))
