"""Network configurations for the renderers, and guests that use one of the tools."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path

from support.trees import Entry, File, Link, build

from guestseal.guest.network import network_config
from guestseal.guest.network.network_config import NetworkConfig, Route
from guestseal.guest.network.renderers.renderer import Renderer
from guestseal.guest.tree import Tree

ip, own, net = ipaddress.ip_address, ipaddress.ip_interface, ipaddress.ip_network

MAC = "52:54:00:77:00:0b"
ADDRESS, GATEWAY = "10.77.0.11/24", "10.77.0.1"
STATIC = NetworkConfig(
    (
        network_config.Link(
            mac=MAC,
            addresses=(own(ADDRESS),),
            routes=(Route(net("0.0.0.0/0"), ip(GATEWAY)),),
            nameservers=(ip(GATEWAY),),
        ),
    )
)
"""What most platforms say: an address, a gateway, a name server."""
EVERYTHING = NetworkConfig(
    (
        network_config.Link(
            mac=MAC,
            mtu=1450,
            addresses=(own(ADDRESS), own("10.78.0.11/32"), own("2001:db8::b/64")),
            routes=(
                Route(net("0.0.0.0/0"), ip(GATEWAY)),
                Route(net("10.80.0.0/16"), ip("10.77.0.254"), 50),
                Route(net("10.81.0.0/16"), ip("10.99.0.1")),
                Route(net("::/0"), ip("fe80::1")),
                Route(net("2001:db8:9::/48"), ip("2001:db8::9"), 70),
            ),
            nameservers=(ip("10.77.0.53"), ip("2001:db8::53")),
            search=("lab.example", "example"),
        ),
        network_config.Link(mac=None, name="eth1", dhcp4=True, dhcp6=True, addresses=(own("192.0.2.7/25"),)),
    )
)
"""Whatever the types can say: a gateway outside of the card's networks, metrics, both families, a card by its name."""
NAMES = {MAC: "eth0", "eth1": "eth1"}


def enabled(unit: str, wanted_by: str = "multi-user.target") -> dict[str, Entry]:
    """A unit that is started at boot."""
    path = f"/usr/lib/systemd/system/{unit}"
    return {path: File("[Service]\n"), f"/etc/systemd/system/{wanted_by}.wants/{unit}": Link(path)}


def rendered(renderer: Renderer, path: Path, tree: Mapping[str, Entry], config: NetworkConfig) -> dict[str, str]:
    """What ``renderer`` would write into a guest of these files."""
    path.mkdir(parents=True, exist_ok=True)
    build(path, dict(tree))
    with Tree(str(path)) as guest:
        return dict(renderer.files(guest, config, NAMES))
