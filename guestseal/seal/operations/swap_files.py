"""Report swap files of a guest that does not run

What the template had in memory may be in its swap: passwords, keys, pages of any program. Swap is
wiped when a running machine is sealed (see SCRUBBING); with --root nothing is known of what is in use,
so a file that fstab(5) swaps to, and the usual ones of installers, are named.

Left on purpose: the file, without which a clone would have no swap. Partitions are not in a tree.
Remedy: seal the running machine, or make the file anew with mkswap(8), with the UUID that fstab names.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.boot import fstab
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files
from guestseal.guest.tree import Tree
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

USUAL = ("/swap.img", "/swapfile")
"""subiquity's and Debian's users'; installers name theirs in fstab as well."""


def _named(tree: Tree) -> Iterator[str]:
    mounts = fstab.read(tree) if tree.is_file(fstab.PATH) else None
    yield from (mount.spec for mount in mounts or () if mount.kind == "swap" and mount.spec.startswith("/"))


def _found(guest: Guest) -> Iterator[Finding]:
    if guest.live:
        return
    named = [path for path in _named(guest.tree) if guest.tree.is_file(path)]
    for path in dict.fromkeys((*named, *regular_files(guest.tree, USUAL))):
        yield Finding(path, "may hold what the template had in memory", "make it anew with mkswap, or seal it running")


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
