"""netplan: YAML in /etc/netplan, for systemd-networkd or NetworkManager.

netplan(5) names networkd's files ``10-netplan-ID.network``, and by systemd.network(5) the
first one by name that matches an interface is the one that counts: our IDs begin with 00,
so the template's definitions of the same card stay as they are and lose. NetworkManager takes
of several profiles the one that was used last (nm-settings(5), autoconnect-priority), and ours
is the one that is brought up. The file is for root only: netplan warns of any other mode.

`netplan apply` is not used: it makes udev look at every device anew, which fails in a
container and may rename cards under a running system.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from guestseal.guest.network.network_config import Link, NetworkConfig
from guestseal.guest.network.renderers import networkd, networkmanager
from guestseal.guest.network.renderers.renderer import Command, Names, Renderer, mark, on_link
from guestseal.guest.tree import Tree

FILE = "/etc/netplan/99-guestseal.yaml"
PROGRAMS = ("/usr/sbin/netplan", "/sbin/netplan")


_NETWORKMANAGER = re.compile(r"\brenderer[\"']?:\s*[\"']?NetworkManager")


def used(tree: Tree) -> bool:
    """Whether netplan is installed and has something to make files from."""
    return any(tree.is_file(path) for path in PROGRAMS) and any(tree.glob("/etc/netplan/*.yaml"))


def used_for_networkmanager(tree: Tree) -> bool:
    """Whether it makes profiles of NetworkManager."""
    texts = (tree.read_text(path) or "" for path in tree.glob("/etc/netplan/*.yaml"))
    return used(tree) and any(_NETWORKMANAGER.search(text) for text in texts)


def files(_: Tree, config: NetworkConfig, names: Names) -> Mapping[str, str]:
    """One file with all links."""
    lines = ["# Written by guestseal: what the platform says of this machine.", "network:", "  version: 2"]
    lines.append("  ethernets:")
    for link in config.links:
        lines += _definition(link, names)
    return {FILE: "\n".join(lines) + "\n"}


def _definition(link: Link, names: Names) -> Iterator[str]:
    yield f'    "{_id(link)}":'
    yield "      match:"
    if link.mac is not None:
        yield f'        macaddress: "{link.mac}"'
    else:
        yield f'        name: "{names.get(link.name or "", link.name)}"'
    yield f"      dhcp4: {str(link.dhcp4).lower()}"
    yield f"      dhcp6: {str(link.dhcp6).lower()}"
    if link.mtu is not None:
        yield f"      mtu: {link.mtu}"
    yield from _list("addresses", link.addresses, "      ")
    if link.routes:
        yield "      routes:"
    for route in link.routes:
        yield f'        - to: "{route.to}"'
        yield f'          via: "{route.via}"'
        if route.metric is not None:
            yield f"          metric: {route.metric}"
        if on_link(link, route):
            yield "          on-link: true"
    if link.nameservers or link.search:
        yield "      nameservers:"
        yield from _list("addresses", link.nameservers, "        ")
        yield from _list("search", link.search, "        ")


def _list(key: str, values: Sequence[object], indent: str) -> Iterator[str]:
    if values:
        yield f"{indent}{key}:"
        for value in values:
            yield f'{indent}  - "{value}"'


def check(_: NetworkConfig, __: Names) -> Sequence[Command]:
    """Make networkd's and NetworkManager's files: fails where the YAML, ours or the template's, is wrong."""
    return (("netplan", "generate"),)


def apply(config: NetworkConfig, names: Names) -> Sequence[Command]:
    """Have networkd take what was generated."""
    return networkd.RENDERER.apply(config, names)


def apply_networkmanager(config: NetworkConfig, _: Names) -> Sequence[Command]:
    """Have NetworkManager take what was generated: its profiles are called netplan-ID."""
    return networkmanager.activation(f"netplan-{_id(link)}" for link in config.links)


def _id(link: Link) -> str:
    return f"00guestseal-{mark(link)}"


RENDERER = Renderer("netplan", used, files, apply, check=check, mode=0o600)
FOR_NETWORKMANAGER = Renderer(
    "netplan for NetworkManager", used_for_networkmanager, files, apply_networkmanager, check=check, mode=0o600
)
