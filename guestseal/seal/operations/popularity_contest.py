"""Take this machine's number out of Debian's popularity contest

The package popularity-contest sends a list of installed packages under a secret number,
MY_HOSTID; a new report replaces the last one with the same number. The line goes from
/etc/popularity-contest.conf, and when it was sent last.

Whether to take part stays as it is. A clone reports nothing until the package is configured
again (``dpkg-reconfigure popularity-contest``): its postinst then adds a number, for images
like this (popularity-contest 1.76).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.actions import Action, Edit
from guestseal.guest.facts import Guest
from guestseal.seal.operation import Kind, Operation

SETTINGS = "/etc/popularity-contest.conf"
_NUMBER = re.compile(rb"^[ \t]*MY_HOSTID=.*\n?", re.MULTILINE)


def _number(guest: Guest) -> Iterator[Action]:
    before = guest.tree.read(SETTINGS, limit=1 << 16) if guest.tree.is_file(SETTINGS) else None
    after = _NUMBER.sub(b"", before or b"")
    if before and after != before:
        yield Edit(SETTINGS, before, after, "take MY_HOSTID out")


OPERATION = Operation(kind=Kind.IDENTITY, remove=("/var/lib/popularity-contest/lastsub",), also=_number)
