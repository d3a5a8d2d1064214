"""Remove the number by which openSUSE counts an installation

zypper sends it to download servers; clones would be counted as one machine. libzypp makes
a new one when the file is missing.

Left on purpose: an empty file, with which somebody has switched the counting off
(openSUSE wiki, "Statistics").
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.seal.operation import Kind, Operation


def _numbers(guest: Guest) -> Iterator[Action]:
    for path in guest.tree.glob("/var/lib/zypp/AnonymousUniqueId"):
        info = guest.tree.lstat(path)
        if info is not None and info.st_size and guest.tree.readlink(path) is None:
            yield Remove(path)


OPERATION = Operation(kind=Kind.IDENTITY, also=_numbers)
