"""Remove mail that waits to be sent

Every clone would send it again, in the template's name. It is overwritten and removed, in the
queues of Postfix, Exim, sendmail, OpenSMTPD, nullmailer and dma, and with it what Exim knows
of hosts that did not answer.

Left on purpose: the directories of the queues with their owners and modes, sockets, FIFOs and
lock files: a mail server refuses to start, or an attacker gains, where they are wrong.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

_POSTFIX = (
    *("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "saved"),
    "trace",
)
_OPENSMTPD = ("corrupt", "incoming", "offline", "purge", "queue", "temporary")

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *(f"/var/spool/postfix/{queue}/**" for queue in _POSTFIX),
        *(f"/var/spool/exim*/{part}/**" for part in ("input", "msglog", "db")),  # Debian calls it exim4
        *("/var/spool/mqueue*/**/[dhqQtTx]f*", "/var/spool/clientmqueue/[dhqQtTx]f*"),  # sendmail: op.me, 2.3
        *(f"/var/spool/smtpd/{queue}/**" for queue in _OPENSMTPD),
        *("/var/spool/nullmailer/queue/*", "/var/spool/nullmailer/failed/*", "/var/spool/nullmailer/tmp/*"),
        "/var/spool/dma/[MQ]*",
    ),
    stop=("postfix.service", "postfix@-.service", "exim4.service", "exim.service", "sendmail.service"),
)
