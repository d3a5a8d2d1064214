"""Remove the UUID of the MySQL server

Servers with one UUID cannot replicate from each other (MySQL Reference Manual,
"Replication and Binary Logging Options", server_uuid). auto.cnf holds nothing else; the
server makes a new one when it starts.

Left on purpose: the data. MariaDB has no such number.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.IDENTITY, remove=("/var/lib/mysql/auto.cnf",))
