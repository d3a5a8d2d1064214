"""What must be true of a network document's values before any of them is believed.

What passes becomes a line of a configuration file: an address, a MAC, a name or a number
and nothing else. No message quotes what was received.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from guestseal.errors import Malformed
from guestseal.guest.network.network_config import AnyAddress, AnyInterface, AnyNetwork, NetworkConfig, Route

ENTRIES_LIMIT = 256
"""Entries of one list: more than a machine has interfaces, addresses or routes."""

_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,14}")  # shorter than IFNAMSIZ, and no tool's own syntax
_DOMAIN = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_LENGTH = re.compile(r"[0-9]{1,3}")
_NUMBER = re.compile(r"[0-9]{1,10}")
_LEAST_MTU, _MOST_MTU = 576, 65535  # RFC 791: what every host takes
_MOST_METRIC = 4294967295


class Values:
    """Reading one document that came from ``address``; every method raises Malformed for nonsense."""

    def __init__(self, address: str) -> None:
        self.address = address

    def malformed(self, why: str) -> Malformed:
        """The error that says why this document is not believed."""
        return Malformed(self.address, f"network configuration: {why}")

    def mapping(self, value: object, what: str) -> Mapping[str, Any]:
        """An object, with texts for keys."""
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise self.malformed(f"{what} is not an object")
        return value

    def sequence(self, value: object, what: str) -> list[Any]:
        """A list of bounded length; nothing counts as an empty one."""
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > ENTRIES_LIMIT:
            raise self.malformed(f"{what} is not a list of at most {ENTRIES_LIMIT}")
        return value

    def objects(self, value: object, what: str) -> list[Mapping[str, Any]]:
        """A list of objects."""
        return [self.mapping(each, what) for each in self.sequence(value, what)]

    def words(self, value: object, what: str) -> list[Any]:
        """A list, or one text with its words between blanks or commas."""
        return re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else self.sequence(value, what)

    def scalar(self, value: object) -> str:
        """A text, a number or a truth value as the text that YAML has for it; of anything else, an empty one."""
        return str(value) if isinstance(value, (str, int)) else ""

    def mac(self, value: object) -> str | None:
        """An Ethernet address in lower case; None: none was said."""
        if value is None:
            return None
        # Nova's schema of network_data.json allows dashes as well.
        text = value.lower().replace("-", ":") if isinstance(value, str) else ""
        if not _MAC.fullmatch(text) or text == "00:00:00:00:00:00":
            raise self.malformed("a MAC address that is none of a network card")
        return text

    def name(self, value: object) -> str | None:
        """An interface's name; None: none was said."""
        if value is None:
            return None
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise self.malformed("an interface's name that is none")
        return value

    def domain(self, value: object) -> str:
        """A domain to search host names in."""
        if not isinstance(value, str) or not _DOMAIN.fullmatch(value):
            raise self.malformed("a search domain that is none")
        return value.rstrip(".").lower()

    def mtu(self, value: object) -> int | None:
        """A link's MTU in bytes; None: none was said."""
        return None if value is None else self._number(value, "an MTU", _LEAST_MTU, _MOST_MTU)

    def metric(self, value: object) -> int | None:
        """A route's metric; None: none was said."""
        return None if value is None else self._number(value, "a metric", 0, _MOST_METRIC)

    def flag(self, value: object) -> bool:
        """A yes or no; nothing counts as no."""
        text = self.scalar(value).lower()
        if text in ("true", "yes", "on"):
            return True
        if value is None or text in ("false", "no", "off"):
            return False
        raise self.malformed("neither true nor false where one of both was expected")

    def ip(self, value: object) -> AnyAddress:
        """The address of one host."""
        found = ipaddress.ip_address(self._text(value, "an address"))
        if found.is_multicast or found.is_unspecified:
            raise self.malformed("an address that is no host's")
        return found

    def own(self, value: object, netmask: object = None) -> AnyInterface:
        """An address for an interface with its prefix length, ``address/24`` or with a netmask beside it."""
        text = self._text(value, "an address", slash=True)
        host, slash, length = text.partition("/")
        found = self.ip(host)
        if found.is_loopback:
            raise self.malformed("an address that is no host's")
        if not slash and netmask is None:
            raise self.malformed("an address without a prefix length")
        own: AnyInterface = ipaddress.ip_interface(f"{found}/{self._length(length if slash else netmask, found)}")
        if own.network.prefixlen == 0:
            raise self.malformed("an address with a prefix length of 0")
        return own

    def route(self, to: object, netmask: object, via: object, metric: object = None) -> Route:
        """A route; ``to`` is ``default``, a network with its prefix length, or one with a netmask beside it."""
        gateway = self.ip(via)
        return Route(self._destination(to, netmask, gateway), gateway, self.metric(metric))

    def default(self, via: object) -> Route:
        """The default route over a gateway."""
        return self.route("default", None, via)

    def require_safe(self, config: NetworkConfig) -> None:
        """Raise Malformed unless every value of ``config`` could have passed through the methods above."""
        for link in config.links:
            self.mac(link.mac)
            self.name(link.name)
            self.mtu(link.mtu)
            for own in link.addresses:
                self.own(str(own))
            for route in link.routes:
                self.route(str(route.to), None, str(route.via), route.metric)
            for server in link.nameservers:
                self.ip(str(server))
            for domain in link.search:
                self.domain(domain)

    def _destination(self, to: object, netmask: object, gateway: AnyAddress) -> AnyNetwork:
        if to == "default":
            return ipaddress.ip_network("0.0.0.0/0" if gateway.version == 4 else "::/0")
        host, slash, length = self._text(to, "a route", slash=True).partition("/")
        start = ipaddress.ip_address(host)
        if start.version != gateway.version:
            raise self.malformed("a route over a gateway of the other address family")
        bits = (
            start.max_prefixlen if not slash and netmask is None else self._length(length if slash else netmask, start)
        )
        network: AnyNetwork = ipaddress.ip_network(f"{start}/{bits}", strict=False)
        if network.is_multicast or network.is_loopback:
            raise self.malformed("a route to what no gateway leads to")
        return network

    def _text(self, value: object, what: str, *, slash: bool = False) -> str:
        """A text of which one address can be made, and nothing else: no zone, which may hold anything."""
        if isinstance(value, str) and "%" not in value:
            with suppress(ValueError):
                ipaddress.ip_address(value.partition("/")[0] if slash else value)
                return value
        raise self.malformed(f"{what} that is none")

    def _length(self, value: object, of: AnyAddress) -> int:
        """A prefix length out of a number or a netmask; OpenStack writes IPv6's as an address, too."""
        text = self.scalar(value)
        if _LENGTH.fullmatch(text) and int(text) <= of.max_prefixlen:
            return int(text)
        try:
            mask = ipaddress.ip_address(text)
            bits = f"{int(mask):0{mask.max_prefixlen}b}"
        except ValueError:
            raise self.malformed("a netmask that is none") from None
        if mask.version != of.version or "01" in bits:
            raise self.malformed("a netmask that is none")
        return bits.count("1")

    def _number(self, value: object, what: str, least: int, most: int) -> int:
        text = self.scalar(value)
        if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
            raise self.malformed(f"{what} that is none")
        return int(text)
