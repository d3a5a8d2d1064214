"""Report what a filesystem check put into lost+found

fsck(8) puts files there whose names were lost. What they hold, nobody knows: no operation finds
a secret in them by its name.

Nothing is changed. Remedy: look at them, and remove them.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(("/lost+found/*", "/*/lost+found/*"), "was recovered by a filesystem check", "look at it, and remove it"),
    ),
)
