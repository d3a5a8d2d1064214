"""Report the CFEngine host's key

Hosts are known to their hub by the key localhost.priv; clones with the same are one host.
It is reported and stays, because nothing makes another one: CFEngine's packages run
``cf-key`` when they are installed and at no other time (Debian's cfengine3 3.21, postinst),
and without a key cf-agent and cf-serverd reach no hub.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    findings=signs(
        Sign(
            ("/var/cfengine/ppkeys/localhost.priv", "/var/lib/cfengine3/ppkeys/localhost.priv"),
            "is the key under which the hub knows this host",
            "remove it and localhost.pub, and run cf-key on each clone",
        )
    ),
)
