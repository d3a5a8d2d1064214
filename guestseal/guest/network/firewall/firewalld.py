"""firewalld: whether the zone that cards get by default lets SSH in. Sources: firewalld.conf(5), firewalld.zone(5)."""

from __future__ import annotations

import re

from guestseal.guest.network.firewall.rules import Match, Packet, port_match
from guestseal.guest.sysconfig import variables
from guestseal.guest.tree import Tree

CONFIG = "/etc/firewalld/firewalld.conf"
_ZONES = ("/etc/firewalld/zones", "/usr/lib/firewalld/zones")
_CARDS = ("/etc/NetworkManager/system-connections/*", "/etc/sysconfig/network-scripts/ifcfg-*")
_ZONE_OF_CARD = re.compile(r"^\s*zone\s*=\s*[\w\"']", re.MULTILINE | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PORT = re.compile(r"<port\b[^>]*\bport=[\"']([\d-]+)[\"']")
_CANNOT_TELL = re.compile(r"<(?:rule|source|forward-port)\b|\btarget=[\"']ACCEPT[\"']")
_SPECIAL = re.compile(r"<(?:interface|source)\b")


def zone(tree: Tree) -> str:
    """The path of the default zone's file; empty: there is none."""
    said = variables(tree.read_text(CONFIG) or "") if tree.is_file(CONFIG) else {}
    name = said.get("DefaultZone", "public")
    paths = (f"{place}/{name}.xml" for place in _ZONES)
    return next((path for path in paths if re.fullmatch(r"[\w-]+", name) and tree.is_file(path)), "")


def refused(tree: Tree, packet: Packet) -> bool:
    """Whether the default zone surely keeps an incoming packet out; False where cards may be in other zones."""
    path = zone(tree)
    others = [each for each in tree.glob(f"{_ZONES[0]}/*.xml") if each != path and tree.is_file(each)]
    if not path or any(_SPECIAL.search(_text(tree, each)) for each in others) or _names_zones(tree):
        return False
    text = _text(tree, path)
    ssh = packet.port == 22 and re.search(r"<service\b[^>]*\bname=[\"']ssh[\"']", text)
    if ssh or _CANNOT_TELL.search(text) or (packet.port != 22 and "<service" in text):
        return False
    return port_match(_PORT.findall(text), packet) is Match.NO


def _names_zones(tree: Tree) -> bool:
    """Whether a configuration of the network puts cards into zones."""
    found = (path for pattern in _CARDS for path in tree.glob(pattern) if tree.is_file(path))
    return any(_ZONE_OF_CARD.search(tree.read_text(path) or "") for path in found)


def _text(tree: Tree, path: str) -> str:
    return _COMMENT.sub("", tree.read_text(path) or "")
