"""Empty the caches of manual pages and fonts

Not done unless asked for: they hold nothing of the template, and it takes time to make them
anew, on each clone, when the first program asks for them or at night.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.CLUTTER, empty=("/var/cache/man", "/var/cache/fontconfig"), default=False)
