"""What a running guest has in /run: written anew at each boot, by generators for one."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager

from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree


@contextmanager
def runtime(guest: Guest) -> Iterator[Tree | None]:
    """The /run of a guest that runs, as a tree of its own; None: it does not run, or has none.

    /run is a tmpfs, so nothing of it is cloned and the guest's own tree does not enter it.
    """
    info = guest.tree.lstat("/run") if guest.live else None
    if info is None or not stat.S_ISDIR(info.st_mode):
        yield None
        return
    with Tree(f"{guest.tree.path.rstrip('/')}/run") as tree:
        yield tree
