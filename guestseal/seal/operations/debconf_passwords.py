"""Take the passwords out of debconf's database

Packages ask for passwords through debconf, and preseeding answers with them: what a
package did not reset stays in plain text in /var/cache/debconf/passwords.dat, which holds
nothing but answers of the type password (debconf.conf(5)). The values go, and so does the
copy that debconf keeps of the file.

The questions stay, with their owners and whether they were seen: without them a package
could fail when it is configured again or removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.actions import Action, Edit
from guestseal.guest.facts import Guest
from guestseal.seal.operation import Kind, Operation

DATABASE = "/var/cache/debconf/passwords.dat"
# Debconf::Format::822: a value is one line, line breaks in it are written \n.
_VALUE = re.compile(rb"^Value:[ \t]*\S.*\n?", re.MULTILINE)


def _values(guest: Guest) -> Iterator[Action]:
    before = guest.tree.read(DATABASE) if guest.tree.is_file(DATABASE) else None
    after = _VALUE.sub(b"", before or b"")
    if before and after != before:
        yield Edit(DATABASE, before, after, "take the passwords out")


OPERATION = Operation(kind=Kind.SECRET, remove=(f"{DATABASE}-old",), also=_values)
