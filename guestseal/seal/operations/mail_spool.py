"""Empty the mailboxes in the mail spool

Cron and other programs write to root what went wrong on the template. Mailboxes are truncated:
on the RHEL family only root can make one, so that without it an account gets no mail. What lies
in a Maildir is overwritten and removed.

Left on purpose: the directories; what lies deeper, the mail of a mail server's users.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=tuple(f"/var/{top}/*/{box}/*" for top in ("mail", "spool/mail") for box in ("cur", "new", "tmp")),
    truncate=("/var/mail/*", "/var/spool/mail/*"),
)
