"""systemd-networkd: one .network file per link.

systemd.network(5): of all files that match an interface, the first one by name counts,
whichever directory it is in. Ours begin with 00, so that the template's stay and lose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from guestseal.guest.network.network_config import Link, NetworkConfig
from guestseal.guest.network.renderers.renderer import Command, Names, Renderer, is_default, mark, on_link
from guestseal.guest.services import units
from guestseal.guest.tree import Tree

UNIT = "systemd-networkd.service"
_DHCP = {(True, True): "yes", (True, False): "ipv4", (False, True): "ipv6", (False, False): "no"}


def used(tree: Tree) -> bool:
    """Whether networkd is started at boot."""
    return units.enabled(tree, UNIT)


def files(_: Tree, config: NetworkConfig, names: Names) -> Mapping[str, str]:
    """One file for each link."""
    return {
        f"/etc/systemd/network/00-guestseal-{mark(link)}.network": "\n".join(_network(link, names)) + "\n"
        for link in config.links
    }


def _network(link: Link, names: Names) -> Iterator[str]:
    yield "# Written by guestseal: what the platform says of this machine."
    yield "[Match]"
    if link.mac is not None:
        yield f"MACAddress={link.mac}"
        yield "Type=ether"  # VLANs and bridges take over the MAC address of their card
    else:
        yield f"Name={names.get(link.name or '', link.name)}"
    if link.mtu is not None:
        yield "\n[Link]"
        yield f"MTUBytes={link.mtu}"
    yield "\n[Network]"
    yield f"DHCP={_DHCP[link.dhcp4, link.dhcp6]}"
    if link.dhcp6:
        yield "IPv6AcceptRA=yes"
    yield from (f"Address={own}" for own in link.addresses)
    yield from (f"DNS={server}" for server in link.nameservers)
    if link.search:
        yield f"Domains={' '.join(link.search)}"
    for route in link.routes:
        yield "\n[Route]"
        if not is_default(route):
            yield f"Destination={route.to}"
        yield f"Gateway={route.via}"
        if route.metric is not None:
            yield f"Metric={route.metric}"
        if on_link(link, route):
            yield "GatewayOnLink=yes"


def apply(_: NetworkConfig, __: Names) -> Sequence[Command]:
    """networkctl(1): interfaces that a changed file matches are configured anew."""
    return (("networkctl", "reload"),)


RENDERER = Renderer("systemd-networkd", used, files, apply)
