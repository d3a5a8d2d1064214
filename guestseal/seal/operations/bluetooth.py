"""Remove Bluetooth pairings

BlueZ keeps a directory for each adapter with the link keys of everything it was paired
with, the names of those devices and a cache of what it saw. A clone has another adapter,
and who has the link key can pretend to be either side.

Left on purpose: the directory itself, and the configuration in /etc/bluetooth.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.SECRET, remove=("/var/lib/bluetooth/*",), stop=("bluetooth.service",))
