"""Remove the key that controls the name server BIND

Whoever has rndc.key can stop named, or change what it serves, on every clone that takes its
commands over the network. It is overwritten and removed.

It goes only where a clone has a new one before named starts: on Debian guestseal's first boot
makes it, on Enterprise Linux named-setup-rndc.service. named.conf may include the file, and
then named does not start without it.

Left on purpose: a file that holds more than rndc-confgen(8) wrote, perhaps keys that other
servers know as well: it is reported. rndc.conf; where there is one, no key is made.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files
from guestseal.guest.services import units
from guestseal.guest.services.own_units import LOCAL_STAGE
from guestseal.guest.services.rndc_key import PLACES, is_made_by_first_boot, is_made_by_package, is_standard
from guestseal.report import Finding
from guestseal.seal.operation import Guard, Kind, Operation


def _keys(guest: Guest) -> Iterator[Action]:
    for path in regular_files(guest.tree, PLACES):
        if is_standard(guest.tree.read(path) or b""):
            yield Remove(path, secret=True)


def _is_made_again(guest: Guest, path: str) -> bool:
    first_boot = units.enabled(guest.tree, LOCAL_STAGE) and is_made_by_first_boot(guest, path)
    return first_boot or is_made_by_package(guest.tree, path)


def _others(guest: Guest) -> Iterator[Finding]:
    for path in regular_files(guest.tree, PLACES):
        if not is_standard(guest.tree.read(path) or b""):
            yield Finding(path, "holds keys of somebody's own", "give each clone another one, or have them share it")


OPERATION = Operation(
    kind=Kind.SECRET,
    also=_keys,
    findings=_others,
    needs=(
        Guard(
            lambda guest: all(_is_made_again(guest, action.path) for action in _keys(guest)),
            "nothing would make a new one before named starts: have guestseal-local.service enabled, "
            "or run rndc-confgen -a on each clone and remove it yourself",
        ),
    ),
)
