"""A clone's network card gets an address

A clone has another MAC address than its template. Where the configuration names the
template's, it does not serve the clone's card; where it gives a fixed address, every
clone has the same one. One configuration that serves any Ethernet card by DHCP is enough.
Looked at is what starts at boot: systemd-networkd and NetworkManager, with what netplan
has made for them; ifupdown; wicked; dhcpcd; ifcfg files. A name such as eth0 or ens3
counts as any card's: clones on one platform have the same names.

Nothing is said where cloud-init writes the configuration of each clone, and where none of
these is in use.

Remedy: let one configuration match any Ethernet card and ask for its address by DHCP.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.network.bringup.configuration import CannotTell
from guestseal.guest.network.bringup.survey import configurations
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight


def _look(guest: Guest, _: Machine) -> Iterator[Concern]:
    try:
        found = configurations(guest)
    except CannotTell:
        return
    if all(each.why for each in found):
        again = ", then `netplan generate`" if any(guest.tree.glob("/etc/netplan/*.yaml")) else ""
        problems = "; ".join(f"{each.where} {each.why}" for each in found)
        yield Concern(
            f"a clone's network card would get no address of its own: {problems}",
            f"let one configuration match any Ethernet card, by a name as e* and no MAC address, with DHCP{again}",
        )


PREFLIGHT = Preflight(_look)
