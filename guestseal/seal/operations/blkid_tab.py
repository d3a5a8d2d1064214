"""Remove libblkid's cache of filesystems

/etc/blkid.tab and /etc/blkid/blkid.tab, where older systems keep it, list this machine's filesystems by
label and UUID. libblkid makes it anew.

Left on purpose: links, which lead to /run or /dev and to nothing that is cloned.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.text_files import texts
from guestseal.seal.operation import Kind, Operation


def _caches(guest: Guest) -> Iterator[Action]:
    for path, _ in texts(guest.tree, "/etc/blkid.tab*", "/etc/blkid/blkid.tab*"):
        yield Remove(path)


OPERATION = Operation(kind=Kind.CLUTTER, also=_caches)
