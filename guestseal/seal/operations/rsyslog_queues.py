"""Remove what rsyslog has queued and how far it has read

A queue on the disk holds messages that could not be sent to another machine yet: each clone
would send the template's. The positions in files it reads (imfile) belong to those files.

Left on purpose: the directories. The position in the journal goes with the journal.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        "/var/spool/rsyslog/*",  # $WorkDirectory on Debian and SUSE
        "/var/lib/rsyslog/imfile-state:*",  # on the RHEL family
        "/var/lib/rsyslog/*.qi",
        "/var/lib/rsyslog/*.0000[0-9]*",
    ),
    stop=("syslog.socket", "rsyslog.service"),
)
