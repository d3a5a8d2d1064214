"""How a machine's network interfaces are to be configured, in no tool's language.

Platforms say it in theirs (OpenStack's network_data.json, cloud-init's network-config,
OpenNebula's ETH variables), and each distribution wants it in another one (netplan,
systemd-networkd, NetworkManager, ifcfg, interfaces): this is what lies between.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Union

AnyAddress = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]
AnyInterface = Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]
AnyNetwork = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


@dataclass(frozen=True)
class Route:
    """One route beside those the addresses bring; a default route is to 0.0.0.0/0 or ::/0."""

    to: AnyNetwork
    via: AnyAddress
    metric: int | None = None


@dataclass(frozen=True)
class Link:
    """One physical interface. Bonds, bridges and VLANs are not spoken of here."""

    mac: str | None
    """In lower case with colons: what tells which of the machine's interfaces is meant."""
    name: str | None = None
    """The platform's name for it; used only where there is no ``mac``."""
    mtu: int | None = None
    dhcp4: bool = False
    dhcp6: bool = False
    """DHCPv6 or router advertisements: whichever the network offers."""
    addresses: tuple[AnyInterface, ...] = ()
    routes: tuple[Route, ...] = ()
    nameservers: tuple[AnyAddress, ...] = ()
    search: tuple[str, ...] = ()


@dataclass(frozen=True)
class NetworkConfig:
    """What a platform says of all interfaces; names servers of no certain link are on every static one."""

    links: tuple[Link, ...]

    @property
    def static(self) -> bool:
        """Whether any link has an address of its own: only then is there something DHCP would not bring."""
        return any(link.addresses for link in self.links)
