"""Empty the audit log

It names accounts, commands and addresses of the template. The current file is truncated,
rotated and compressed ones are removed.

Left on purpose: /var/log/audit itself with mode and owner, without which auditd does not
start; and the current file, which auditd may hold open.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.services.logfiles import emptied
from guestseal.seal.operation import Kind, Operation


def _audit(guest: Guest) -> Iterator[Action]:
    return emptied(guest.tree, "/var/log/audit")


OPERATION = Operation(kind=Kind.CLUTTER, also=_audit, stop=("auditd.service",))
