"""rsyslog's queues and positions."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

QUEUE = File("<13>Jan  1 00:00:00 template sshd[1]: secret\n", 0o600)
STATE = File('{"filename": "/srv/x.log", "curr_offs": 12}\n', 0o600)
SPOOL = {"/var/spool/rsyslog": Dir(0o700)}

CASES = (
    Case(
        "a queue for a server that did not answer",
        DEBIAN,
        {**SPOOL, "/var/spool/rsyslog/fwd.00000001": QUEUE, "/var/spool/rsyslog/imfile-state:12:1": STATE},
        SPOOL,
    ),
    Case(
        "in its work directory",
        REDHAT,
        {
            "/var/lib/rsyslog/fwdRule1.00000012": QUEUE,
            "/var/lib/rsyslog/fwdRule1.qi": QUEUE,
            "/var/lib/rsyslog/imfile-state:12:1": STATE,
            "/var/lib/rsyslog/rsyslog.cert.pem": QUEUE,
        },
        {"/var/lib/rsyslog/rsyslog.cert.pem": QUEUE},
    ),
    Case("nothing queued", SUSE, SPOOL),
    Case("no rsyslog", ALPINE, {"/var/log/messages": QUEUE}),
)
