"""ifupdown and ifupdown-ng: interfaces(5), what ``auto`` and ``allow-hotplug`` start."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guestseal.guest.network.bringup.configuration import Configuration
from guestseal.guest.services.boot_services import started
from guestseal.guest.tree import Tree

INTERFACES = "/etc/network/interfaces"

_DEEPEST = 8
_DIRECTORY_NAME = re.compile(r"[A-Za-z0-9_-]+")  # interfaces(5), source-directory


def configurations(tree: Tree) -> Iterator[Configuration]:
    """One for each interface that is started at boot."""
    if not started(tree, ("networking.service",), ("networking",)):
        return
    helped = tree.is_file("/etc/network/cloud-ifupdown-helper")
    if helped:
        yield Configuration("Debian's cloud-ifupdown-helper")  # DHCP on whatever card udev finds
    methods = _started(_stanzas(tree, INTERFACES))
    for name, given in sorted(methods.items()):
        yield Configuration(f"{INTERFACES}, iface {name},", name=name, fixed="static" in given and "dhcp" not in given)
    if not methods and not helped and tree.is_file(INTERFACES):
        yield Configuration(INTERFACES, nothing="starts no network card", wanting=True)


def _started(stanzas: Iterable[list[str]]) -> dict[str, set[str]]:
    """The cards that are started, with their methods: a card may have several."""
    started: set[str] = set()
    methods: dict[str, set[str]] = {}
    name = ""
    for words in stanzas:
        if words[0] == "auto" or words[0].startswith("allow-"):
            started.update(words[1:])
        elif words[0] == "iface" and len(words) > 1:
            name = words[1]
            methods.setdefault(name, set()).update(words[2:])
        elif words[:2] == ["use", "dhcp"]:  # ifupdown-ng
            methods.setdefault(name, set()).add("dhcp")
    by_pattern = any(word.startswith("/") for word in started)
    return {each: given for each, given in methods.items() if each != "lo" and (by_pattern or each in started)}


def _stanzas(tree: Tree, path: str, depth: int = 0) -> Iterator[list[str]]:
    if depth > _DEEPEST or not tree.is_file(path):
        return
    for line in (tree.read_text(path) or "").replace("\\\n", " ").split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] in ("source", "source-directory") and len(words) > 1:
            for included in _included(tree, words[0], words[1], path.rpartition("/")[0]):
                yield from _stanzas(tree, included, depth + 1)
        else:
            yield words


def _included(tree: Tree, keyword: str, place: str, directory: str) -> Iterator[str]:
    place = place if place.startswith("/") else f"{directory}/{place}"
    for found in tree.glob(place if keyword == "source" else f"{place}/*"):
        name = found.rpartition("/")[2]
        # wordexp(3), which ifupdown uses for source: a wildcard does not match a leading dot.
        fits = _DIRECTORY_NAME.fullmatch(name) if keyword == "source-directory" else name[0] != "." or "/." in place
        if fits:
            yield found
