"""The machine's network as it is now: interfaces, gateways and names."""

from __future__ import annotations

import ipaddress
import re
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Union

from guestseal.machine.resolver import Resolver

AnyAddress = Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]

ROUTES = Path("/proc/net/route")
_ROUTES_LIMIT = 1 << 20
_HAS_GATEWAY = 0x2  # RTF_GATEWAY, route(8)


@dataclass(frozen=True)
class Interface:
    """A network interface that is up and has a carrier. The loopback is none of them."""

    name: str
    mac: str | None
    """In lower case, with colons; None where the interface has none."""
    addresses: tuple[AnyAddress, ...]
    """With their networks; without scope ids."""


@dataclass(frozen=True)
class Gateway:
    """The next hop of an IPv4 default route."""

    address: str
    interface: str


class Network:
    """The network of the running system. Every call looks anew: addresses come and go during a boot."""

    def __init__(
        self,
        *,
        resolver: Resolver | None = None,
        gateways: Callable[[], Sequence[Gateway]] | None = None,
    ) -> None:
        self.resolver = resolver or Resolver()
        self._gateways = gateways or default_gateways

    def interfaces(self) -> tuple[Interface, ...]:
        """The interfaces that can carry a packet now, with or without an address."""
        import psutil

        # psutil's isup is IFF_RUNNING: up, and with a carrier (netdevice(7)).
        running = {name for name, stats in psutil.net_if_stats().items() if stats.isup}
        found = []
        for name, entries in psutil.net_if_addrs().items():
            mac = next((entry.address.lower() for entry in entries if entry.family == psutil.AF_LINK), None)
            addresses = tuple(address for entry in entries for address in _addresses(*entry[:3]))
            loopback = name == "lo" or (bool(addresses) and all(address.ip.is_loopback for address in addresses))
            if name in running and not loopback:
                found.append(Interface(name, mac, addresses))
        return tuple(found)

    def gateways(self) -> tuple[Gateway, ...]:
        """The IPv4 default gateways, the one in use first."""
        return tuple(self._gateways())

    def ready(self) -> bool:
        """Whether any interface has a carrier and an address that was given to it.

        A link-local one is not: every interface makes one up for itself, DHCP or not.
        """
        return any(not address.ip.is_link_local for each in self.interfaces() for address in each.addresses)


def default_gateways(routes: Path = ROUTES) -> list[Gateway]:
    """The IPv4 default gateways, by netifaces or, where it does not exist (EL10), from ``routes``."""
    try:
        import netifaces
    except ImportError:
        return gateways_in(routes)
    # In the order of the kernel's table: by metric, so the one in use is the first.
    return [Gateway(entry[0], entry[1]) for entry in netifaces.gateways().get(netifaces.AF_INET, [])]


def gateways_in(routes: Path) -> list[Gateway]:
    """The gateways of the default routes in a file like /proc/net/route, the lowest metric first.

    Empty where there is none: a kernel without IPv4 has no such file.
    """
    try:
        with routes.open("rb") as file:
            text = file.read(_ROUTES_LIMIT).decode("ascii", "replace")
    except FileNotFoundError:
        return []
    found = []
    for line in text.splitlines()[1:]:
        # Iface Destination Gateway Flags RefCnt Use Metric Mask: numbers in hex, addresses in the machine's byte order.
        match = re.match(r"(\S+)\t0{8}\t([0-9A-F]{8})\t([0-9A-F]{4})\t\d+\t\d+\t(\d+)\t0{8}\t", line)
        if match and int(match[3], 16) & _HAS_GATEWAY:
            address = socket.inet_ntoa(int(match[2], 16).to_bytes(4, sys.byteorder))
            found.append((int(match[4]), Gateway(address, match[1])))
    return [gateway for _, gateway in sorted(found, key=lambda item: item[0])]


def _addresses(family: int, address: str, netmask: str | None) -> list[AnyAddress]:
    """The address of one psutil entry with its network; nothing for a hardware address."""
    if family == socket.AF_INET:
        return [ipaddress.IPv4Interface(f"{address}/{netmask or 32}")]
    if family == socket.AF_INET6:
        prefix = 128 if netmask is None else bin(int(ipaddress.IPv6Address(netmask))).count("1")
        return [ipaddress.IPv6Interface(f"{address.partition('%')[0]}/{prefix}")]
    return []
