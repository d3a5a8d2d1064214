"""ifcfg files: Red Hat's network-scripts and SUSE's wicked.

Both tools find an interface's file by its name, so there is no file that could come before
the template's: ``ifcfg-NAME`` is edited. Of it only the variables that say what the platform
says are taken out and written anew at its end; every other line stays byte for byte. The
routes' files are ours alone and are written whole.

Sources: /usr/share/doc/initscripts/sysconfig.txt for Red Hat; ifcfg(5), routes(5) for SUSE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from guestseal.guest.network.network_config import Link, NetworkConfig, Route
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
)
from guestseal.guest.services import units
from guestseal.guest.tree import Tree

SCRIPTS = "/etc/sysconfig/network-scripts"
WICKED = "/etc/sysconfig/network"

_BEGIN = "# guestseal: what the platform says of this machine"
_OURS = re.compile(
    r"\s*(?:export\s+)?(?:DEVICE|HWADDR|BOOTPROTO|ONBOOT|STARTMODE|TYPE|MTU|DOMAIN|DNS\d|GATEWAY\d*|DEFROUTE"
    r"|(?:IPADDR|PREFIX|PREFIXLEN|NETMASK|NETWORK|BROADCAST|LABEL|SCOPE)[\w-]*|IPV6\w*|DHCPV6C\w*|PEERDNS)="
)


def used_by_scripts(tree: Tree) -> bool:
    """Whether Red Hat's network service is started at boot."""
    return tree.is_file(f"{SCRIPTS}/ifup-eth") and (
        units.enabled(tree, "network.service") or any(tree.glob("/etc/rc.d/rc3.d/S[0-9][0-9]network"))
    )


def used_by_wicked(tree: Tree) -> bool:
    """Whether wicked is started at boot."""
    return units.enabled(tree, "wicked.service") or units.enabled(tree, "wickedd.service")


def script_files(tree: Tree, config: NetworkConfig, names: Names) -> Mapping[str, str]:
    """For each link its variables, and its routes by family."""
    found = {}
    for link in config.links:
        name = interface_of(link, names, tool=SCRIPTS)
        path = f"{SCRIPTS}/ifcfg-{name}"
        found[path] = _edited(tree.read_text(path) or "", _script_variables(name, link))
        for version, file in ((4, f"{SCRIPTS}/route-{name}"), (6, f"{SCRIPTS}/route6-{name}")):
            routes = [route for route in routes_of(link, version) if not _is_plain(link, route)]
            if routes or tree.exists(file):
                found[file] = "".join(f"{_ip_route(name, link, route)}\n" for route in routes)
    return found


def _script_variables(name: str, link: Link) -> Iterator[tuple[str, object]]:
    yield from (("DEVICE", name), ("TYPE", "Ethernet"), ("ONBOOT", "yes"))
    if link.mac is not None:
        yield "HWADDR", link.mac
    # With dhcp, network-scripts pass over IPADDR: what is given is worth more than what may come.
    yield "BOOTPROTO", "dhcp" if link.dhcp4 and not own_of(link, 4) else "none"
    if link.mtu is not None:
        yield "MTU", link.mtu
    for number, own in enumerate(own_of(link, 4)):
        yield f"IPADDR{number or ''}", own.ip
        yield f"PREFIX{number or ''}", own.network.prefixlen
    six = own_of(link, 6)
    if six or link.dhcp6:
        yield "IPV6INIT", "yes"
        yield "IPV6_AUTOCONF", "yes" if link.dhcp6 else "no"
    if link.dhcp6:
        yield "DHCPV6C", "yes"
    if six:
        yield "IPV6ADDR", six[0]
    if six[1:]:
        yield "IPV6ADDR_SECONDARIES", " ".join(map(str, six[1:]))
    for route in link.routes:
        if _is_plain(link, route):
            yield ("GATEWAY" if route.via.version == 4 else "IPV6_DEFAULTGW"), route.via
    yield from ((f"DNS{number}", server) for number, server in enumerate(link.nameservers, 1))
    if link.search:
        yield "DOMAIN", " ".join(link.search)


def _is_plain(link: Link, route: Route) -> bool:
    """Whether a variable can say it: a default route without a metric, to a gateway of the card's own networks."""
    return is_default(route) and route.metric is None and not on_link(link, route)


def _ip_route(name: str, link: Link, route: Route) -> str:
    """A line of route-NAME: what follows `ip route add`."""
    metric = "" if route.metric is None else f" metric {route.metric}"
    return f"{route.to} via {route.via} dev {name}{metric}{' onlink' if on_link(link, route) else ''}"


def wicked_files(tree: Tree, config: NetworkConfig, names: Names) -> Mapping[str, str]:
    """For each link its variables and its routes, and the name servers for netconfig(8)."""
    found = {}
    for link in config.links:
        name = interface_of(link, names, tool=WICKED)
        path, routes = f"{WICKED}/ifcfg-{name}", f"{WICKED}/ifroute-{name}"
        found[path] = _edited(tree.read_text(path) or "", _wicked_variables(link))
        if link.routes or tree.exists(routes):
            found[routes] = "".join(f"{_wicked_route(name, link, route)}\n" for route in link.routes)
    servers = dict.fromkeys(str(server) for link in config.links for server in link.nameservers)
    search = dict.fromkeys(domain for link in config.links for domain in link.search)
    if servers:
        path = f"{WICKED}/config"
        said = {"NETCONFIG_DNS_STATIC_SERVERS": " ".join(servers), "NETCONFIG_DNS_STATIC_SEARCHLIST": " ".join(search)}
        text = tree.read_text(path) or ""
        for variable, value in said.items():
            text = _assigned(text, variable, value)
        found[path] = text
    return found


def _wicked_variables(link: Link) -> Iterator[tuple[str, object]]:
    # ifcfg(5): with DHCP the addresses of the file are set as well.
    asked = {(True, True): "dhcp", (True, False): "dhcp4", (False, True): "dhcp6"}
    yield "BOOTPROTO", asked.get((link.dhcp4, link.dhcp6), "static")
    yield "STARTMODE", "auto"
    if link.mtu is not None:
        yield "MTU", link.mtu
    yield from ((f"IPADDR{f'_{number}' if number else ''}", own) for number, own in enumerate(link.addresses))


def _wicked_route(name: str, link: Link, route: Route) -> str:
    """A line of ifroute-NAME: destination, gateway, netmask, interface, options of `ip route add`."""
    options = [] if route.metric is None else [f"metric {route.metric}"]
    options += ["onlink"] if on_link(link, route) else []
    return " ".join(("default" if is_default(route) else str(route.to), str(route.via), "-", name, *options))


def _edited(text: str, variables: Iterator[tuple[str, object]]) -> str:
    """``text`` with its own assignments of the variables we speak of taken out, and ours at the end."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    kept = "".join(line for line in lines if not _OURS.match(line) and line.rstrip("\n") != _BEGIN)
    end = "" if not kept or kept.endswith("\n") else "\n"
    return f"{kept}{end}{_BEGIN}\n" + "".join(f"{name}='{value}'\n" for name, value in variables)


def _assigned(text: str, variable: str, value: str) -> str:
    line = f'{variable}="{value}"'
    edited, count = re.subn(rf"^{variable}=.*$", line, text, flags=re.MULTILINE)
    return edited if count else f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{line}\n"


def release_scripts(config: NetworkConfig, names: Names) -> Sequence[Command]:
    """ifdown goes by the file as it is: it has to run before that changes."""
    return [("ifdown", name) for name in interfaces_of(config, names, tool=SCRIPTS)]


def apply_scripts(config: NetworkConfig, names: Names) -> Sequence[Command]:
    """Configure the interfaces."""
    return [("ifup", name) for name in interfaces_of(config, names, tool=SCRIPTS)]


def apply_wicked(config: NetworkConfig, names: Names) -> Sequence[Command]:
    """wicked(8): configure what has changed; then let netconfig(8) write /etc/resolv.conf."""
    interfaces = interfaces_of(config, names, tool=WICKED)
    return (("wicked", "ifreload", *interfaces), ("netconfig", "update", "-f"))


SCRIPTS_RENDERER = Renderer("network-scripts", used_by_scripts, script_files, apply_scripts, release=release_scripts)
WICKED_RENDERER = Renderer("wicked", used_by_wicked, wicked_files, apply_wicked, shared=(f"{WICKED}/config",))
