"""Remove the state of syslog-ng, with its host ID

syslog-ng makes a host ID on its first start and keeps it with its positions in
syslog-ng.persist (lib/host-id.c); in what it sends, ${HOSTID} and ${UNIQID} tell machines
apart by it. Its disk buffers hold messages that each clone would send again.

Left on purpose: the directory.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=(
        "/var/lib/syslog-ng/*.persist*",
        "/var/lib/syslog-ng/hostid",
        "/var/lib/syslog-ng/*.[rq]*f",  # disk buffers: .rqf and .qf
    ),
    stop=("syslog.socket", "syslog-ng.service"),
)
