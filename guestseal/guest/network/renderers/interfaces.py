"""ifupdown: stanzas of interfaces(5) in a file of our own, and /etc/resolv.conf where nothing else writes it.

Several stanzas of one interface all count (interfaces(5)), so none can come before the
template's: its stanzas for the card are made comments, and every other line of its files
stays byte for byte. Name servers are said with dns-nameservers, which resolvconf and
systemd-resolved's hook read; without either of them they go into /etc/resolv.conf, unless
that is a link: then somebody else cares for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from guestseal.guest.network.network_config import AnyInterface, Link, NetworkConfig, Route
from guestseal.guest.network.renderers.renderer import (
    Command,
    Names,
    Renderer,
    interface_of,
    interfaces_of,
    is_default,
    on_link,
    own_of,
    routes_of,
    servers_of,
)
from guestseal.guest.services import openrc, units
from guestseal.guest.tree import Tree

MAIN = "/etc/network/interfaces"
FILE = "/etc/network/interfaces.d/guestseal"
RESOLV_CONF = "/etc/resolv.conf"
OFF = "# guestseal: "
"""Stands before each of the template's lines that was made a comment."""

_NESTED = 8
_RESOLVCONF = ("/sbin/resolvconf", "/usr/sbin/resolvconf", "/usr/bin/resolvconf")
_RESOLVED = "systemd-resolved.service"
_OTHERS = ("NetworkManager.service", "systemd-networkd.service")
_STANZA = ("iface", "auto", "mapping", "rename", "source", "source-directory", "template", "no-auto-down", "no-scripts")


def used(tree: Tree) -> bool:
    """Whether ifupdown starts an interface at boot, or is the only tool that could."""
    if not tree.is_file(MAIN):
        return False
    if not units.enabled(tree, "networking.service") and not openrc.starts(tree, "networking"):
        return False
    configured = {name for path in _sources(tree) for name in _configured(tree.read_text(path) or "")}
    return bool(configured - {"lo"}) or not any(units.enabled(tree, unit) for unit in _OTHERS)


def files(tree: Tree, config: NetworkConfig, names: Names) -> Mapping[str, str]:
    """Our stanzas, the template's files without its own for the same cards, and perhaps the name servers."""
    cards = [(interface_of(link, names, tool=MAIN), link) for link in config.links]
    lines = ["# Written by guestseal: what the platform says of this machine."]
    for name, link in cards:
        lines += _stanzas(name, link)
    found = {FILE: "\n".join(lines) + "\n"}
    sources = _sources(tree)
    for path in sources:
        before = tree.read_text(path) or ""
        after = without_stanzas(before, [name for name, _ in cards]) if path != FILE else before
        if path == MAIN and not _reads_ours(tree, sources):
            after += f"{'' if after.endswith(chr(10)) or not after else chr(10)}source {FILE}\n"
        if after != before:
            found[path] = after
    if not _has_resolver(tree) and tree.readlink(RESOLV_CONF) is None:
        found.update(_resolv_conf(tree.read_text(RESOLV_CONF) or "", config))
    return found


def without_stanzas(text: str, interfaces: Collection[str]) -> str:
    """``text`` with the iface stanzas of ``interfaces`` made comments; every other line keeps its bytes."""
    lines = []
    inside = continued = False
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        words = line.split()
        if words and not continued and (words[0] in _STANZA or words[0].startswith("allow-")):
            inside = words[0] == "iface" and words[1:2] != [] and words[1] in interfaces
        continued = line.rstrip("\n").endswith("\\")
        lines.append(f"{OFF}{line}" if inside and words and not words[0].startswith("#") else line)
    return "".join(lines)


def _stanzas(name: str, link: Link) -> Iterator[str]:
    yield f"\nauto {name}"
    if link.dhcp4:
        yield f"iface {name} inet dhcp"
    if link.dhcp6:
        yield f"iface {name} inet6 auto"
    for version, family in ((4, "inet"), (6, "inet6")):
        for number, own in enumerate(own_of(link, version)):
            yield f"iface {name} {family} static"
            yield f"    address {own}"
            yield from _first(name, link, own) if number == 0 else ()


def _first(name: str, link: Link, own: AnyInterface) -> Iterator[str]:
    """What stands in the first stanza of a family, and holds for all of it."""
    if link.mtu is not None:
        yield f"    mtu {link.mtu}"
    routes = routes_of(link, own.version)
    gateway = next((route for route in routes if is_default(route)), None)
    if gateway is not None:
        yield f"    gateway {gateway.via}"
        if gateway.metric is not None:
            yield f"    metric {gateway.metric}"
    yield from (f"    up {_route(name, link, route)}" for route in routes if route is not gateway)
    servers = servers_of(link, own.version) if len({each.version for each in link.addresses}) > 1 else link.nameservers
    if servers:
        yield f"    dns-nameservers {' '.join(map(str, servers))}"
    if link.search:
        yield f"    dns-search {' '.join(link.search)}"


def _route(name: str, link: Link, route: Route) -> str:
    family = "-6 " if route.via.version == 6 else ""
    metric = "" if route.metric is None else f" metric {route.metric}"
    # `replace`: several addresses of the card may each bring it; a second ifup is no error.
    beside = " onlink" if on_link(link, route) else ""
    return f"ip {family}route replace {route.to} via {route.via} dev {name}{metric}{beside}"


def _has_resolver(tree: Tree) -> bool:
    """Whether somebody reads dns-nameservers.

    The hook for resolved is ifupdown's own, and there without resolved; resolved's resolvconf is a
    link to resolvectl, and useless when resolved is not started.
    """
    real = (tree.resolve(path) for path in _RESOLVCONF)
    return units.enabled(tree, _RESOLVED) or any(path and not path.endswith("/resolvectl") for path in real)


def _resolv_conf(text: str, config: NetworkConfig) -> dict[str, str]:
    """resolv.conf(5) with these name servers and domains; its options and comments stay. Empty: none are said."""
    servers = dict.fromkeys(server for link in config.links for server in link.nameservers)
    search = dict.fromkeys(domain for link in config.links for domain in link.search)
    if not servers:
        return {}
    kept = [line for line in text.splitlines() if line.split()[:1] not in (["nameserver"], ["search"], ["domain"])]
    ours = [f"search {' '.join(search)}"] if search else []
    return {RESOLV_CONF: "\n".join([*kept, *ours, *(f"nameserver {server}" for server in servers)]) + "\n"}


def _sources(tree: Tree, path: str = MAIN, depth: int = 0) -> list[str]:
    """The file and those it reads, each once, in their order."""
    if depth > _NESTED or not tree.is_file(path):
        return []
    found = [path]
    for pattern in _read_by(tree.read_text(path) or ""):
        found += [each for name in tree.glob(pattern) for each in _sources(tree, name, depth + 1)]
    return list(dict.fromkeys(found))


def _read_by(text: str) -> Iterator[str]:
    """The patterns of the files that a file reads: relative ones start at /etc/network."""
    for line in text.replace("\\\n", " ").split("\n"):
        words = line.split()
        if len(words) > 1 and words[0] in ("source", "source-directory"):
            place = words[1] if words[1].startswith("/") else f"/etc/network/{words[1]}"
            yield place if words[0] == "source" else f"{place.rstrip('/')}/*"


def _reads_ours(tree: Tree, sources: Sequence[str]) -> bool:
    return any(fnmatchcase(FILE, pattern) for path in sources for pattern in _read_by(tree.read_text(path) or ""))


def _configured(text: str) -> Iterator[str]:
    for line in text.replace("\\\n", " ").split("\n"):
        words = line.split()
        if len(words) > 2 and words[0] == "iface":
            yield words[1]


def release(config: NetworkConfig, names: Names) -> Sequence[Command]:
    """ifdown(8) goes by the files as they are: it has to run before they change, or the DHCP client stays."""
    return [("ifdown", "--force", name) for name in interfaces_of(config, names, tool=MAIN)]


def check(_: NetworkConfig, __: Names) -> Sequence[Command]:
    """Read all files; fails where one, ours or the template's, is wrong."""
    return (("ifquery", "--list", "--all"),)


def apply(config: NetworkConfig, names: Names) -> Sequence[Command]:
    """Configure the interfaces."""
    return [("ifup", name) for name in interfaces_of(config, names, tool=MAIN)]


RENDERER = Renderer("ifupdown", used, files, apply, check=check, release=release, shared=(RESOLV_CONF,))
