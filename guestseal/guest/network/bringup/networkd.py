"""systemd-networkd: systemd.network(5), the files for Ethernet cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from guestseal.guest.network.bringup.configuration import Configuration
from guestseal.guest.network.bringup.placed_files import placed
from guestseal.guest.sections import Sections
from guestseal.guest.services import units
from guestseal.guest.tree import Tree

_NETPLAN = "10-netplan-"
_NO = ("", "no", "false", "off", "0", "n", "f")
_ETHERNET = re.compile(r"[*?\[]|e(\*|\?|\[|n|th|m)")  # the start of a pattern that an Ethernet card's name can match


def configurations(tree: Tree, run: Tree | None) -> Iterator[Configuration]:
    """One for each file that may be the first to match an Ethernet card."""
    files = placed("/systemd/network", tree, run, suffix=".network")
    # netplan's generator starts networkd for the files it makes, whether it is enabled or not.
    made = any(file.name.startswith(_NETPLAN) for file in files)
    if not made and not units.enabled(tree, "systemd-networkd.service"):
        return
    found, taken = False, list[str]()
    for file in files:
        drop_ins = placed(f"/systemd/network/{file.name}.d", tree, run, suffix=".conf")
        settings = Sections("\n".join((file.text(), *(part.text() for part in drop_ins))))
        if not _is_for_ethernet(settings):
            continue
        found = True
        names, card = _words(settings, "name"), _words(settings, "macaddress", "permanentmacaddress")
        # Of several files that match a card the first one counts.
        if names and all(any(fnmatchcase(name, pattern) for pattern in taken) for name in names):
            continue
        if not card:
            taken += [name for name in names if not name.startswith("!")] or ["*"]
        yield Configuration(file.where, file.own, card=" ".join(card), name=" ".join(names), fixed=_is_fixed(settings))
    if not found:
        yield Configuration("/etc/systemd/network", nothing="has no file for an Ethernet card", wanting=True)


def _is_for_ethernet(settings: Sections) -> bool:
    if not settings.keys("match") or settings.values("match", "kind"):
        return False  # without [Match] it is ignored; a kind is that of a virtual device
    if settings.last("link", "unmanaged").lower() not in _NO:
        return False
    names, types = _words(settings, "name"), _words(settings, "type")
    named = not names or names[0].startswith("!") or any(_ETHERNET.match(name) for name in names)
    return named and (not types or types[0].startswith("!") or "ether" in types)


def _is_fixed(settings: Sections) -> bool:
    # One without DHCP and address is a bridge's port, or takes router advertisements.
    given = settings.values("network", "address") or settings.values("address", "address")
    return bool(given) and settings.last("network", "dhcp").lower() in _NO


def _words(settings: Sections, *keys: str) -> list[str]:
    return " ".join(settings.values("match", *keys)).split()
