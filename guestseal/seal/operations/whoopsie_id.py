"""Remove the number under which Ubuntu reports crashes

whoopsie sends crash reports under a number that it derives from the machine and keeps;
clones would all report as the template. whoopsie makes it anew when it starts.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.IDENTITY, remove=("/var/lib/whoopsie/whoopsie-id",))
