"""netplan's YAML by line: what makes a file this machine's own.

A YAML library would lose comments, quotes and order, so lines are changed and nothing is
written anew. Understood is the block style that people, installers, cloud-init and NetworkManager
write; what is in any other style (``{match: ...}``, anchors) is left alone.

Source: netplan's YAML configuration reference.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from guestseal.guest.network import cards
from guestseal.report import Finding

FILES = "/etc/netplan/*.yaml*"

_ITEM = re.compile(
    r"(?P<indent> *)(?P<dashes>(?:- +)*)"
    r"(?:(?P<mark>[\"']?)(?P<key>[^\s\"'#:{}\[\],&*!|>%@`-][^\"'#:{}\[\],]*?)(?P=mark)[ \t]*:(?=\s|$)[ \t]*)?"
    r"(?P<value>.*?)[ \t]*(?:(?:^|[ \t])#.*)?",
    re.DOTALL,
)
_CARDS = ("ethernets", "wifis")
_OTHERS = ("bonds", "bridges", "vlans", "vrfs", "dummy-devices", "modems")
_TRUE = ("true", "yes", "on", "y")
_NOTHING = ("", "[]", "~", "null")
_ANY_ETHERNET = 'name: "e*"'


@dataclass
class _Node:
    """A key with what belongs to it."""

    key: str
    line: int
    indent: int
    value: str = ""
    children: list[_Node] = field(default_factory=list)
    items: bool = False
    """Whether it has list items."""

    def at(self, *path: str) -> _Node | None:
        found: _Node | None = self
        for key in path:
            found = next((each for each in found.children if each.key == key), None) if found else None
        return found

    def says(self, key: str) -> bool:
        child = self.at(key)
        return child is not None and child.value.strip("\"'").lower() in _TRUE


@dataclass(frozen=True)
class Ethernet:
    """One definition below ``ethernets``, as one file has it. ``mac`` and ``name``: what it matches; empty: nothing."""

    key: str
    mac: str
    name: str
    asks: bool
    """Whether it wants an address by DHCP."""
    fixed: bool
    understood: bool
    """Whether all of it is in the style that is understood here."""


class Netplan:
    """One file of /etc/netplan."""

    def __init__(self, text: str) -> None:
        self._lines = re.findall(r"[^\n]*\n|[^\n]+", text)
        self._root = _parsed(self._lines)

    @property
    def cards(self) -> set[str]:
        """The names of its definitions of network cards."""
        return {each.key for kind in _CARDS for each in self._definitions(kind)}

    @property
    def understood(self) -> bool:
        """Whether what it says of Ethernet cards is in the style that is understood here."""
        way = [self._root.at("network"), self._root.at("network", "ethernets")]
        if way[0] is None:
            return not any(line.strip().startswith("{") for line in self._lines)
        return not any(node is not None and node.value for node in way) and all(
            each.understood for each in self.ethernets()
        )

    def ethernets(self) -> Iterator[Ethernet]:
        """The definitions of Ethernet cards, as far as they are understood."""
        for device in self._definitions("ethernets"):
            match = device.at("match")
            mac, name = _mac_match(device), device.at("match", "name")
            yield Ethernet(
                device.key,
                "" if mac is None else mac.value.strip("\"'"),
                "" if name is None else name.value.strip("\"'"),
                asks=device.says("dhcp4") or device.says("dhcp6"),
                fixed=_is_fixed(device),
                understood=not device.value and (match is None or not match.value),
            )

    def unbound(self, *, cards_of_all: Collection[str]) -> str:
        """The text without what is this machine's: MAC addresses, and when NetworkManager used a profile last.

        A card with DHCP that is matched by its MAC address becomes any Ethernet card, and is not
        renamed, where it is the only one of ``cards_of_all``, the definitions in all files.
        """
        gone: set[int] = set()
        changed: dict[int, str] = {}
        for device in self._all():
            own = device.at("macaddress")
            if own is not None and cards.is_mac(own.value):
                gone.add(own.line)
            used = device.at("networkmanager", "passthrough", "connection.timestamp")
            if used is not None:
                gone.add(used.line)
            if self._can_be_any(device, cards_of_all):
                self._match_any(device, gone, changed)
        return "".join(changed.get(n, line) for n, line in enumerate(self._lines) if n not in gone)

    def findings(self, path: str, *, cards_of_all: Collection[str]) -> Iterator[Finding]:
        """What of the file no clone can use."""
        devices = list(self._all())
        if any(_is_fixed(device) for device in devices):
            yield cards.fixed_address(path)
        bound = (device for device in devices if _is_bound(device) and not self._can_be_any(device, cards_of_all))
        if any(not _is_fixed(device) for device in bound):
            yield cards.one_card(path)

    def _can_be_any(self, device: _Node, cards_of_all: Collection[str]) -> bool:
        asks = device.says("dhcp4") or device.says("dhcp6")
        alone = set(cards_of_all) == {device.key} and device.key in {
            each.key for each in self._definitions("ethernets")
        }
        member = any(self._definitions(kind) for kind in _OTHERS)
        return asks and alone and not member and not _is_fixed(device) and _mac_match(device) is not None

    def _match_any(self, device: _Node, gone: set[int], changed: dict[int, str]) -> None:
        match, mac, name = device.at("match"), _mac_match(device), device.at("set-name")
        if match is None or mac is None:
            return
        if len(match.children) > 1:  # a name or a driver as well
            gone.add(mac.line)
        else:
            line = self._lines[mac.line]
            end = line[len(line.rstrip("\r\n")) :]
            changed[mac.line] = f"{' ' * mac.indent}{_ANY_ETHERNET}{end}"
        if name is not None:
            gone.add(name.line)

    def _definitions(self, kind: str) -> Sequence[_Node]:
        found = self._root.at("network", kind)
        return [] if found is None else found.children

    def _all(self) -> Iterator[_Node]:
        for kind in (*_CARDS, *_OTHERS):
            yield from self._definitions(kind)


def _mac_match(device: _Node) -> _Node | None:
    found = device.at("match", "macaddress")
    return found if found is not None and cards.is_mac(found.value) else None


def _is_bound(device: _Node) -> bool:
    """Whether it is for one card; also where that is said in a style that is not understood."""
    flow = device.at("match")
    said = flow is not None and cards.holds_mac(flow.value)
    return said or _mac_match(device) is not None or (flow is None and cards.named_by_mac(device.key))


def _is_fixed(device: _Node) -> bool:
    own = device.at("addresses")
    return own is not None and (own.items or bool(own.children) or own.value.replace(" ", "") not in _NOTHING)


def _parsed(lines: Sequence[str]) -> _Node:
    """The keys by indentation. What is within a list or a block scalar belongs to its key, whatever it looks like."""
    root = _Node("", -1, -1)
    open_nodes = [root]
    for number, line in enumerate(lines):
        said = line.rstrip("\r\n")
        match = _ITEM.fullmatch(said)
        if match is None or not said.strip() or said.lstrip().startswith("#"):
            continue
        indent = len(match["indent"])
        while open_nodes[-1].indent >= indent and not (match["dashes"] and open_nodes[-1].indent == indent):
            open_nodes.pop()
        if match["dashes"]:
            open_nodes[-1].items = True
        elif match["key"]:
            node = _Node(match["key"], number, indent, match["value"])
            open_nodes[-1].children.append(node)
            open_nodes.append(node)
    return root
