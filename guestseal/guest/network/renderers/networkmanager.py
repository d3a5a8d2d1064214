"""NetworkManager: one keyfile per link.

nm-settings-keyfile(5). Of several profiles that match a card the one with the highest
``autoconnect-priority`` is taken (nm-settings(5)): ours comes before the template's, in
whatever format that is. Only root may read a keyfile: NetworkManager ignores any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence

from guestseal.guest.network.network_config import Link, NetworkConfig
from guestseal.guest.network.renderers.renderer import (
    Command,
    Names,
    Renderer,
    is_default,
    mark,
    on_link,
    own_of,
    routes_of,
    servers_of,
)
from guestseal.guest.services import openrc, units
from guestseal.guest.tree import Tree

UNIT = "NetworkManager.service"
PRIORITY = 100  # the default is 0, the highest 999
_WAIT = "20"


def used(tree: Tree) -> bool:
    """Whether NetworkManager is started at boot."""
    return units.enabled(tree, UNIT) or openrc.starts(tree, "networkmanager")


def files(_: Tree, config: NetworkConfig, names: Names) -> Mapping[str, str]:
    """One profile for each link."""
    return {
        f"/etc/NetworkManager/system-connections/guestseal-{mark(link)}.nmconnection": "\n".join(_profile(link, names))
        + "\n"
        for link in config.links
    }


def _profile(link: Link, names: Names) -> Iterator[str]:
    yield "# Written by guestseal: what the platform says of this machine."
    yield "[connection]"
    yield f"id=guestseal-{mark(link)}"
    yield f"uuid={uuid.uuid5(uuid.NAMESPACE_URL, f'guestseal:{mark(link)}')}"
    yield "type=ethernet"
    if link.mac is None:
        yield f"interface-name={names.get(link.name or '', link.name)}"
    yield f"autoconnect-priority={PRIORITY}"
    yield "\n[ethernet]"
    if link.mac is not None:
        yield f"mac-address={link.mac}"
    if link.mtu is not None:
        yield f"mtu={link.mtu}"
    yield from _family(link, 4, automatic=link.dhcp4)
    yield from _family(link, 6, automatic=link.dhcp6)


def _family(link: Link, version: int, *, automatic: bool) -> Iterator[str]:
    own = own_of(link, version)
    yield f"\n[ipv{version}]"
    # Without an address in it, a family is what it is by default: IPv6 by router advertisements.
    method = "auto" if automatic or (version == 6 and not own) else "manual" if own else "disabled"
    yield f"method={method}"
    yield from (f"address{number}={each}" for number, each in enumerate(own, 1))
    yield from _routes(link, version)
    if method != "disabled":
        servers = servers_of(link, version)
        if servers:
            yield f"dns={''.join(f'{server};' for server in servers)}"
        if link.search:
            yield f"dns-search={''.join(f'{domain};' for domain in link.search)}"


def _routes(link: Link, version: int) -> Iterator[str]:
    routes = routes_of(link, version)
    # NetworkManager reaches a gateway outside of the card's networks by itself.
    gateway = next((route for route in routes if is_default(route) and route.metric is None), None)
    if gateway is not None:
        yield f"gateway={gateway.via}"
    for number, route in enumerate((each for each in routes if each is not gateway), 1):
        metric = "" if route.metric is None else f",{route.metric}"
        yield f"route{number}={route.to},{route.via}{metric}"
        if on_link(link, route):
            yield f"route{number}_options=onlink=true"


def apply(config: NetworkConfig, _: Names) -> Sequence[Command]:
    """Read the profiles anew, and have each card take ours."""
    return activation(f"guestseal-{mark(link)}" for link in config.links)


def activation(profiles: Iterable[str]) -> Sequence[Command]:
    """The commands that read all profiles anew and bring these up."""
    up = [("nmcli", "--wait", _WAIT, "connection", "up", "id", profile) for profile in profiles]
    return [("nmcli", "connection", "reload"), *up]


RENDERER = Renderer("NetworkManager", used, files, apply, mode=0o600)
