"""The network of an OpenNebula context, ``ETHx_*``, as a NetworkConfig.

What the variables mean is as in OpenNebula's own scripts (one-apps, context-linux,
loc-10-network.d/functions): an interface is there when its MAC is, ``METHOD`` is static
unless said otherwise and also that of IPv6, a netmask is 255.255.255.0, a prefix 64.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from guestseal.firstboot.network_values import Values
from guestseal.guest.network.network_config import AnyInterface, Link, NetworkConfig, Route

NETMASK, PREFIX6 = "255.255.255.0", "64"
_METHODS = ("", "static", "dhcp", "skip")
_METHODS6 = ("", "static", "auto", "dhcp", "disable", "skip")


def context_network(address: str, variables: Mapping[str, str]) -> NetworkConfig | None:
    """The interfaces; None: it speaks of none. Raises Malformed for what makes no sense."""
    values = Values(address)
    names = sorted(
        (match[1] for match in map(re.compile(r"(ETH\d{1,3})_MAC").fullmatch, variables) if match), key=_number
    )
    links = [link for link in (_Interface(values, variables, name).link() for name in names) if link is not None]
    if len({link.mac for link in links}) < len(links):
        raise values.malformed("two configurations of one interface")
    return NetworkConfig(tuple(links)) if links else None


def _number(name: str) -> int:
    return int(name[3:])


class _Interface:
    """What is said of one interface."""

    def __init__(self, values: Values, variables: Mapping[str, str], name: str) -> None:
        self._values, self._variables, self._name = values, variables, name

    def link(self) -> Link | None:
        """The interface; None: it is to be left alone."""
        method = (self._said("METHOD") or "").lower()
        method6 = (self._said("IP6_METHOD") or method).lower()
        if method not in _METHODS or method6 not in _METHODS6:
            raise self._values.malformed("a method that is none")
        addresses: list[AnyInterface] = []
        routes: list[Route] = []
        if method in ("", "static"):
            addresses += self._addresses4()
            routes += self._default("METRIC", "GATEWAY") if addresses else []
        if method6 in ("", "static"):
            own = self._addresses6()
            routes += self._default("IP6_METRIC", "IP6_GATEWAY", "GATEWAY6") if own else []
            addresses += own
        dhcp4, dhcp6 = method == "dhcp", method6 in ("auto", "dhcp")
        if not (addresses or dhcp4 or dhcp6):
            return None
        values = self._values
        return Link(
            mac=values.mac(self._said("MAC")),
            mtu=values.mtu(self._said("MTU")),
            dhcp4=dhcp4,
            dhcp6=dhcp6,
            addresses=tuple(dict.fromkeys(addresses)),
            routes=tuple(dict.fromkeys([*routes, *self._routes()])),
            nameservers=tuple(
                dict.fromkeys(values.ip(word) for word in self._words("DNS", everywhere=bool(addresses)))
            ),
            search=tuple(values.domain(word) for word in self._words("SEARCH_DOMAIN", everywhere=bool(addresses))),
        )

    def _addresses4(self) -> list[AnyInterface]:
        names = [self._name, *self._aliases()]
        return [
            self._values.own(ip, self._said("MASK", name) or NETMASK)
            for name in names
            if (ip := self._said("IP", name))
        ]

    def _addresses6(self) -> list[AnyInterface]:
        names = [self._name, *self._aliases()]
        found = []
        for each in names:
            length = self._said("IP6_PREFIX_LENGTH", each) or PREFIX6
            said = (self._said("IP6", each) or self._said("IPV6", each), self._said("IP6_ULA", each))
            found += [self._values.own(ip, length) for ip in said if ip]
        return found

    def _aliases(self) -> list[str]:
        """Further addresses of the interface; an external one is not configured inside the machine."""
        pattern = re.compile(rf"({self._name}_ALIAS\d{{1,3}})_MAC")
        names = [match[1] for match in map(pattern.fullmatch, sorted(self._variables)) if match]
        return [name for name in names if (self._said("EXTERNAL", name) or "").upper() != "YES"]

    def _default(self, metric: str, *gateways: str) -> list[Route]:
        via = next((said for said in map(self._said, gateways) if said), None)
        said = self._said(metric) or self._said("METRIC")
        return [] if via is None else [self._values.route("default", None, via, said)]

    def _routes(self) -> list[Route]:
        """``NETWORK via GATEWAY``, with commas between."""
        found = []
        for text in filter(str.strip, (self._said("ROUTES") or "").split(",")):
            words = text.split()
            if len(words) != 3 or words[1] != "via":
                raise self._values.malformed("a route that is none")
            found.append(self._values.route(words[0], None, words[2]))
        return found

    def _words(self, item: str, *, everywhere: bool) -> list[str]:
        words = (self._said(item) or "").split()
        return words + (self._variables.get(item, "").split() if everywhere else [])

    def _said(self, item: str, name: str | None = None) -> str | None:
        return self._variables.get(f"{name or self._name}_{item}", "").strip() or None
