"""Remove cloud-init's seeds

What lies in /var/lib/cloud/seed is data for a machine's first boot: an installer, a tool
for containers or whoever made the template wrote it, often with a password. As long as it
is there, every clone on which cloud-init works has this data and not its platform's.

Not done unless asked for, as `cloud-init clean --seed`: an image may be made to work by it.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.SECRET, remove=("/var/lib/cloud/seed/*",), default=False)
