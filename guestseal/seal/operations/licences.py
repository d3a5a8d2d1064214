"""Report licences

A licence is often bound to one machine or counted, and whoever gets a clone gets it. What
looks like one is reported: whether it may be handed on, only its contract says.

Looked for are files by the names that products use below /etc, /opt and /var/lib.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            (
                *("/etc/*licen[cs]e*", "/etc/*/*.lic", "/etc/*/licen[cs]e.key", "/var/lib/*licen[cs]e*"),
                *("/opt/*/*.lic", "/opt/*/licen[cs]es/*.lic", "/opt/*/etc/*.lic", "/usr/local/flexlm/licenses/*"),
            ),
            "looks like a licence",
            "remove it, unless it may be handed on with each clone",
        )
    ),
)
