"""Remove the registration with Landscape

The client keeps its identity and what it exchanged with the server in *.bpickle below
/var/lib/landscape/client (with a second copy, *.old): clones would be one computer to
Landscape, each undoing what the other reported. A clone has to be registered:
``landscape-config``.

client.conf stays, and is reported where it holds the key with which a computer registers,
or the title under which all clones would appear.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

CONF = ("/etc/landscape/client.conf",)

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=("/var/lib/landscape/client/*.bpickle*",),
    findings=signs(
        Sign(CONF, "holds a registration key", "remove it", holds=rb"^\s*registration_key\s*=[ \t]*\S"),
        Sign(CONF, "names the computer", "remove computer_title", holds=rb"^\s*computer_title\s*=[ \t]*\S"),
    ),
)
