"""Report boot entries that are named after the machine-id

kernel-install(8) names boot entries and their directories after the machine-id, unless
/etc/kernel/entry-token says otherwise. A clone has another machine-id: kernels that it
installs come under another name, those of the template are never removed, and which of them
is booted is decided between both. Existing entries work as before.

Nothing is changed: a kernel without its entry does not boot. The remedy is one file, with
which all kernels of the clones keep the name they have (systemd 251 and later read it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

TOKEN = "/etc/kernel/entry-token"
BOOT = ("/boot", "/efi", "/boot/efi")
_BY_MACHINE_ID = re.compile(r"[0-9a-f]{32}")


def _found(guest: Guest) -> Iterator[Finding]:
    tree = guest.tree
    if tree.is_file(TOKEN) and (tree.read_text(TOKEN, limit=1 << 12) or "").strip():
        return
    for boot in BOOT:
        for place in (f"{boot}/loader/entries", boot):
            names = [name for name in tree.names(place) if _BY_MACHINE_ID.match(name)]
            if names:
                remedy = f"write the name they begin with to {TOKEN}, so that a clone's kernels get the same"
                yield Finding(place, "holds boot entries named after the template's machine-id", remedy)
                return


OPERATION = Operation(kind=Kind.CLUTTER, findings=_found)
