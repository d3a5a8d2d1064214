"""Empty /tmp and /var/tmp

What programs and people left there: installers, archives, sockets, Kerberos tickets, the private
directories of services that ended without tidying up. Hidden files as well, and the trees of
containers that systemd-nspawn ran (--ephemeral). Kerberos tickets and abrt's dumps are overwritten.

Left on purpose: the directories with their mode 1777, without which little works; what is mounted
there, and device nodes.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from itertools import islice

from guestseal.guest.actions import Action, Empty, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.patterns import CANARIES
from guestseal.guest.tree import Tree, is_device
from guestseal.seal.operation import Kind, Operation

_SECRETS = ("/tmp/krb5cc*", "/var/tmp/krb5cc*", "/var/tmp/abrt/*")  # noqa: S108 - names of directories


def _emptied(guest: Guest) -> Iterator[Action]:
    for directory in ("/tmp", "/var/tmp"):  # noqa: S108
        for path in guest.tree.glob(directory):
            yield from _contents(guest.tree, path)


def _contents(tree: Tree, directory: str) -> Iterator[Action]:
    """What empties it. Where a scrub's canaries are in it, which need to stay, that is done entry by entry."""
    own = tree.lstat(f"{directory}/{CANARIES}") is not None
    for path in tree.glob(f"{directory}/*") if own else (directory,):
        info = tree.lstat(path)
        if info is None or is_device(info) or path.endswith(f"/{CANARIES}"):
            continue
        if stat.S_ISDIR(info.st_mode):
            action = Empty(path)
            yield from (action for _ in islice(action.footprint(tree), 1))
        elif path != directory:
            yield Remove(path)


OPERATION = Operation(kind=Kind.CLUTTER, empty=("/var/lib/systemd/ephemeral-trees",), secrets=_SECRETS, also=_emptied)
