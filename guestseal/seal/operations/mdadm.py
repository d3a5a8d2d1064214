"""Report what mdadm.conf says of this machine

With another HOMEHOST an array counts as another machine's and is assembled as /dev/md127. MAILADDR
sends what happens to the disks of every clone to the template's administrator.

Nothing is changed: an array that is not assembled may be one the system boots from.
Remedy: HOMEHOST <system> or <ignore>, MAILADDR root.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

FILES = ("/etc/mdadm/mdadm.conf", "/etc/mdadm.conf")

OPERATION = Operation(
    kind=Kind.IDENTITY,
    findings=signs(
        Sign(FILES, "names this machine in HOMEHOST", "use <system> or <ignore>", rb"^[ \t]*HOMEHOST[ \t]+[^\s<#]"),
        Sign(FILES, "sends mail to an address", "use MAILADDR root", rb"^[ \t]*MAILADDR[ \t]+(?!root\s*$)[^\s#]"),
    ),
)
