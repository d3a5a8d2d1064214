"""Report tables that name network cards by MAC address

/etc/iftab (ifrename) and /etc/mactab (nameif, Alpine) give a card its name by its MAC address: a clone's
card keeps another name, which no configuration may know.

Nothing is changed: the names may be used elsewhere. Remedy: remove the lines, and use the
names the kernel or udev gives.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    findings=signs(
        Sign(
            ("/etc/iftab", "/etc/mactab"),
            "names network cards of this machine by their MAC addresses",
            "remove the lines",
            rb"^[^#\n]*\b(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}\b",
        )
    ),
)
