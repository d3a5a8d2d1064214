"""Remove the keys of the DNS resolver Unbound's remote control

Whoever has unbound_control.key can stop Unbound, or change its answers, on every clone that
takes commands over the network, and with unbound_server.key can pretend to be it. Keys are
overwritten first; the certificates that belong to them go as well.

They go only where a clone has new ones before Unbound starts, which it does not without
them: guestseal's first boot makes them with unbound-control-setup(8), Enterprise Linux's
unbound-keygen.service does. Where remote control is off, or listens on a socket file only
(Debian's since 12), nobody needs them, and none are made.

Left on purpose: keys that unbound.conf names elsewhere, root.key, which is a public anchor.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files
from guestseal.guest.services import units
from guestseal.guest.services.own_units import LOCAL_STAGE
from guestseal.guest.services.unbound_keys import FILES, KEYS, are_made_by_package, are_needed, can_be_made
from guestseal.seal.operation import Guard, Kind, Operation


def _files(guest: Guest) -> Iterator[Action]:
    for path in regular_files(guest.tree, FILES):
        yield Remove(path, secret=path in KEYS)


def _may_go(guest: Guest) -> bool:
    tree = guest.tree
    made_by_us = units.enabled(tree, LOCAL_STAGE) and can_be_made(tree)
    return made_by_us or are_made_by_package(tree) or not are_needed(tree)


OPERATION = Operation(
    kind=Kind.IDENTITY,
    also=_files,
    needs=(
        Guard(
            _may_go,
            "Unbound needs them and nothing would make new ones: have unbound-control-setup and openssl "
            "in the guest, and guestseal-local.service enabled",
        ),
    ),
)
