"""Where a virtual router may be, and by which ways it can be asked.

No single place tells: the DHCP server is the router on a shared network, the gateway is
elsewhere, ``data-server`` resolves in some zones only, and a machine with several
networks has several routers, each of which knows it by one source address.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace

from guestseal.firstboot.leases import find_leases
from guestseal.machine.endpoint import Endpoint
from guestseal.machine.host import Machine
from guestseal.machine.network import Interface
from guestseal.settings import Settings

DATA_SERVER = "data-server."
"""The router's name in its own DNS; with the dot, so that no search domain answers for it."""
MOST_WAYS = 64
"""Ways that are asked at the same time; the best candidates come first."""


@dataclass(frozen=True)
class Router:
    """An address or a name under which a router may be found."""

    host: str
    provenance: str
    """How it is known, for people."""
    configured: bool = False
    """The administrator names it: it need not be near."""

    @property
    def named(self) -> bool:
        """Whether ``host`` is a name that has to be looked up."""
        return _address(self.host) is None

    def at(self, host: str) -> Router:
        """The same router by one of its addresses."""
        return replace(self, host=host, provenance=f"{self.provenance} {self.host.rstrip('.')}")


def known_routers(machine: Machine, settings: Settings) -> list[Router]:
    """The candidates in order of trust, each host once: configured, DHCP servers, gateways, the name."""
    candidates = [Router(host, "configured", configured=True) for host in settings.routers]
    for lease in find_leases(machine.network.interfaces(), machine.commands, root=machine.root_directory):
        if lease.server is not None:
            candidates.append(Router(lease.server, f"DHCP server on {lease.interface}"))
    candidates += [Router(each.address, f"gateway on {each.interface}") for each in machine.network.gateways()]
    candidates.append(Router(DATA_SERVER, "name"))
    first: dict[str, Router] = {}
    for router in candidates:
        first.setdefault(router.host, router)
    return list(first.values())


def ways_to(router: Router, interfaces: Sequence[Interface], default: str | None) -> list[Endpoint]:
    """One way from each address of each interface, that of the ``default`` route first.

    None for a router that is neither configured, private nor on the same link: what a wildcard
    DNS puts in the place of a router must not get to choose this machine's passwords and keys.
    """
    host = _address(router.host)
    if host is None or not (router.configured or _is_near(host, interfaces)):
        return []
    return [
        Endpoint(router.host, source_address=str(address.ip), interface=interface.name)
        for interface in sorted(interfaces, key=lambda each: each.name != default)
        for address in interface.addresses
        if address.version == host.version and not address.ip.is_link_local
    ]


def _is_near(host: ipaddress.IPv4Address | ipaddress.IPv6Address, interfaces: Sequence[Interface]) -> bool:
    private = host.is_private and not host.is_unspecified
    return private or any(host in address.network for each in interfaces for address in each.addresses)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
