"""The machine's network as it is now: interfaces, gateways and names."""

from __future__ import annotations

import errno
import ipaddress
import os
import re
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Optional, Union

from guestseal.machine.resolver import Resolver

AnyAddress = Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]
_Told = tuple[Optional[str], tuple[AnyAddress, ...]]
"""MAC address and addresses."""

ROUTES = "/proc/net/route"
_ROUTES_LIMIT = 1 << 20
_HAS_GATEWAY = 0x2  # RTF_GATEWAY, route(8)
_SIOCGIFFLAGS, _IFF_RUNNING = 0x8913, 0x40  # netdevice(7)


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
        found = []
        for name, (mac, addresses) in _all_interfaces().items():
            loopback = name == "lo" or (bool(addresses) and all(address.ip.is_loopback for address in addresses))
            if not loopback and _is_running(name):
                found.append(Interface(name, mac, addresses))
        return tuple(found)

    def cards(self) -> dict[str, str | None]:
        """Every interface by its name, up or not, with its MAC address as in ``Interface``; not the loopback."""
        return {name: mac for name, (mac, _) in sorted(_all_interfaces().items()) if name != "lo"}

    def gateways(self) -> tuple[Gateway, ...]:
        """The IPv4 default gateways, the one in use first."""
        return tuple(self._gateways())

    def ready(self) -> bool:
        """Whether any interface has a carrier and an address that was given to it.

        A link-local one is not: every interface makes one up for itself, DHCP or not.
        """
        return any(not address.ip.is_link_local for each in self.interfaces() for address in each.addresses)


def default_gateways(routes: str | os.PathLike[str] = ROUTES) -> list[Gateway]:
    """The IPv4 default gateways, by netifaces or, where it does not exist (EL10), from ``routes``."""
    try:
        import netifaces
    except ImportError:
        return gateways_in(routes)
    # In the order of the kernel's table: by metric, so the one in use is the first.
    return [Gateway(entry[0], entry[1]) for entry in netifaces.gateways().get(netifaces.AF_INET, [])]


def gateways_in(routes: str | os.PathLike[str]) -> list[Gateway]:
    """The gateways of the default routes in a file like /proc/net/route, the lowest metric first.

    Empty where there is none: a kernel without IPv4 has no such file.
    """
    try:
        with open(routes, "rb") as file:
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


def _all_interfaces() -> dict[str, _Told]:
    """Every interface, up or not, by netifaces or, where it does not exist (EL10), by psutil.

    Importing psutil takes 20 ms, netifaces less than one: every boot of every clone asks this.
    """
    try:
        import netifaces
    except ImportError:
        return _by_psutil()
    found: dict[str, _Told] = {}
    for name in netifaces.interfaces():
        try:
            told = netifaces.ifaddresses(name)
        except ValueError:  # it went away a moment ago
            continue
        mac = next((entry["addr"].lower() for entry in told.get(netifaces.AF_LINK, ()) if entry.get("addr")), None)
        entries = [
            (family, entry["addr"], entry.get("netmask"))
            for family, its in ((socket.AF_INET, netifaces.AF_INET), (socket.AF_INET6, netifaces.AF_INET6))
            for entry in told.get(its, ())
        ]
        found[name] = (mac, tuple(address for entry in entries for address in _addresses(*entry)))
    return found


def _by_psutil() -> dict[str, _Told]:
    import psutil

    found: dict[str, _Told] = dict.fromkeys(psutil.net_if_stats(), (None, ()))
    for name, entries in psutil.net_if_addrs().items():
        mac = next((entry.address.lower() for entry in entries if entry.family == psutil.AF_LINK), None)
        found[name] = (mac, tuple(address for entry in entries for address in _addresses(*entry[:3])))
    return found


def _is_running(name: str) -> bool:
    """Whether the interface is up and has a carrier (netdevice(7)). In /sys it may be that of another namespace."""
    import fcntl

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asking:
        try:
            answer = fcntl.ioctl(asking, _SIOCGIFFLAGS, struct.pack("16sH14x", os.fsencode(name), 0))
        except OSError as error:
            if error.errno == errno.ENODEV:  # it went away a moment ago
                return False
            raise
    return bool(struct.unpack("16sH14x", answer)[1] & _IFF_RUNNING)


def _addresses(family: int, address: str, netmask: str | None) -> list[AnyAddress]:
    """One address with its network; nothing for a hardware address."""
    if family == socket.AF_INET:
        return [ipaddress.IPv4Interface(f"{address}/{netmask or 32}")]
    if family == socket.AF_INET6:
        # netifaces writes ffff:ffff::/32, the mask with its length behind it; before 0.11 and in psutil it is the mask.
        mask = netmask.partition("/")[0] if netmask else None
        prefix = 128 if mask is None else bin(int(ipaddress.IPv6Address(mask))).count("1")
        return [ipaddress.IPv6Interface(f"{address.partition('%')[0]}/{prefix}")]
    return []
