"""Report keys of NTP servers

A symmetric key that every clone has proves nothing any more, and lets each of them give the time
to the others. They are configuration and stay.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            ("/etc/chrony.keys", "/etc/chrony/chrony.keys", "/etc/ntp/keys", "/etc/ntp.keys", "/etc/ntpsec/ntp.keys"),
            "holds keys that all clones will share",
            "remove them unless they are to have them",
            holds=rb"^[ \t]*\d+[ \t]+\S",  # chrony.keys(5), ntp.keys(5): a number, a type, a key
        ),
    ),
)
