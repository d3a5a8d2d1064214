"""Network cards in configuration: what binds one to the template's own card, and what is said of it.

A clone's card has another MAC address than its template's. A configuration for the template's
address serves no clone; an address that is given to the card makes two clones one station.
"""

from __future__ import annotations

import re

from guestseal.report import Finding

# Ethernet's six octets and InfiniBand's twenty; systemd takes dashes and Cisco's dots as well: systemd.link(5).
_MAC = r"(?:[0-9A-Fa-f]{2}([:-]))[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4,18}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}"
_WHOLE = re.compile(rf"(?:{_MAC})")
_WITHIN = re.compile(rf"(?<![0-9A-Za-z:.-])(?:{_MAC})(?![0-9A-Za-z:])")
_NAMED_BY_MAC = re.compile(r"enx[0-9a-f]{12}|.*-id-(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", re.DOTALL)


def is_mac(value: str) -> bool:
    """Whether a value is a MAC address, and no keyword such as ``permanent`` or ``random``."""
    return _WHOLE.fullmatch(value.strip().strip("\"'")) is not None


def holds_mac(text: str) -> bool:
    """Whether a MAC address stands anywhere in ``text``."""
    return _WITHIN.search(text) is not None


def named_by_mac(name: str) -> bool:
    """Whether an interface's name is made of its MAC address: systemd.net-naming-scheme(7), and eth-id-… of SUSE 11."""
    return _NAMED_BY_MAC.fullmatch(name) is not None


def fixed_address(path: str) -> Finding:
    """A configuration that gives a card an address of its own."""
    return Finding(path, "gives a network card a fixed address, the same in every clone", "use DHCP, or remove it")


def one_card(path: str) -> Finding:
    """A configuration that no clone's card fits."""
    what = "is for a network card of this machine alone, by its MAC address"
    return Finding(path, what, "match cards by a name such as e*, or remove it")
