"""Remove the network configuration that cloud-init wrote

It names the template's network cards by their MAC addresses, and a clone with other cards
would have no network. cloud-init writes it anew from what the clone's platform says, or with
DHCP on the first card. Removed are the files that `cloud-init clean --configs network` takes
(cloudinit/cmd/clean.py), the links and ifcfg files beside them, and what installers put into
cloud-init's configuration to keep it from the network, as image-builder's sysprep role does.

Left on purpose: all of it, where nothing would write it anew: cloud-init is off, or told by
somebody else to leave the network alone. Then it is configuration like any other, and netplan,
ifcfg and the other operations look into it. /etc/network/interfaces, which others write as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.network.cloud_network import generated, written_anew
from guestseal.seal.operation import Kind, Operation

_CONFIG = "/etc/cloud/cloud.cfg.d"
_INSTALLERS = (
    f"{_CONFIG}/subiquity-disable-cloudinit-networking.cfg",
    f"{_CONFIG}/90-installer-network.cfg",
    f"{_CONFIG}/50-curtin-networking.cfg",
)


def _written(guest: Guest) -> Iterator[Action]:
    tree = guest.tree
    yield from (Remove(path) for path in generated(tree, apart_from=_INSTALLERS))
    if written_anew(
        tree, apart_from=_INSTALLERS
    ):  # last: without them the files above may not be cloud-init's any more
        yield from (Remove(path) for pattern in _INSTALLERS for path in tree.glob(pattern))


OPERATION = Operation(kind=Kind.CLUTTER, also=_written)
