"""Empty process accounting and system activity data

Process accounting (acct, psacct) records every command that ended, with its user;
sysstat's files carry the template's hostname and would be graphed as the clone's.
pacct is truncated, because accton does not start without it, and its rotated copies are
removed; /var/log/sa and /var/log/sysstat are emptied.

Left on purpose: the directories.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.services.logfiles import emptied
from guestseal.seal.operation import Kind, Operation


def _pacct(guest: Guest) -> Iterator[Action]:
    yield from emptied(guest.tree, "/var/log/account")  # Debian, SUSE, Arch
    yield from emptied(guest.tree, "/var/account")  # the RHEL family


OPERATION = Operation(
    kind=Kind.CLUTTER,
    empty=("/var/log/sa", "/var/log/sysstat"),
    also=_pacct,
    stop=("sysstat-collect.timer", "sysstat.service", "acct.service", "psacct.service"),
)
