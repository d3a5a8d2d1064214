"""Remove this machine's descriptions from /etc/machine-info

The pretty hostname, location, deployment and asset tag that hostnamectl(1) sets describe
one machine. A file that holds nothing else is removed.

Left on purpose: CHASSIS, ICON_NAME, and what describes the hardware.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.actions import Action, Edit, Remove
from guestseal.guest.facts import Guest
from guestseal.seal.operation import Kind, Operation

PATH = "/etc/machine-info"

# The names are those of machine-info(5).
_OWN = re.compile(rb"^[ \t]*(?:PRETTY_HOSTNAME|LOCATION|DEPLOYMENT|[A-Z_]*ASSET_TAG)=[^\n]*\n?", re.MULTILINE)
_SAYS_SOMETHING = re.compile(rb"^[ \t]*[^\s#]", re.MULTILINE)


def _descriptions(guest: Guest) -> Iterator[Action]:
    path = guest.tree.resolve(PATH)
    if path is None or not guest.tree.is_file(path):
        return
    text = guest.tree.read(path) or b""
    after = _OWN.sub(b"", text)
    if after == text:
        return
    if _SAYS_SOMETHING.search(after):
        yield Edit(path, text, after, "without the descriptions of this machine")
    else:
        yield Remove(path)


OPERATION = Operation(kind=Kind.IDENTITY, also=_descriptions)
