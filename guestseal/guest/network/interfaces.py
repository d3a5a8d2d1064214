"""interfaces(5) of ifupdown and ifupdown-ng by line: what makes a file this machine's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guestseal.guest.network import cards
from guestseal.guest.network.hosts import is_local
from guestseal.report import Finding

FILES = ("/etc/network/interfaces", "/etc/network/interfaces.d/*")

_STANZAS = (
    "iface",
    "auto",
    "mapping",
    "rename",
    "source",
    "source-directory",
    "template",
    "no-auto-down",
    "no-scripts",
)
_LINE = re.compile(r"[ \t]*#[^\n]*(?:\n|\Z)|(?:[^\n]*\\\n)*[^\n]*(?:\n|\Z)")
_CLIENT_IDS = ("client", "client-id", "clientid")
_ADDS_ADDRESS = re.compile(r"\bip\s+(?:-\S+\s+)*a(?:ddr(?:ess)?)?\s+(?:add|replace)\b|\bifconfig\s+\S+\s+\d")


@dataclass(frozen=True)
class _Line:
    """One line with those that continue it, and the iface stanza it is in."""

    text: str
    words: tuple[str, ...] = ()
    interface: str = ""
    method: str = ""


def unbound(text: str) -> str:
    """``text`` without what is this machine's: MAC addresses that are set, and the name and identity DHCP is told."""
    return "".join(line.text for line in _lines(text) if not _is_own(line))


def findings(path: str, text: str) -> Iterator[Finding]:
    """What of a file no clone can use."""
    lines = [line for line in _lines(text) if line.words and not _is_own(line)]
    if any(_is_fixed(line) for line in lines):
        yield cards.fixed_address(path)
    if any(cards.holds_mac(line.text) or cards.named_by_mac(line.interface) for line in lines):
        yield cards.one_card(path)


def _is_own(line: _Line) -> bool:
    if not line.interface or len(line.words) < 2:
        return False
    option, value = line.words[0], line.words[-1]
    if option in ("hwaddress", "hw-address"):
        return cards.is_mac(value)
    if line.method != "dhcp":
        return False
    return option in _CLIENT_IDS or (option == "hostname" and not is_local(value))


def _is_fixed(line: _Line) -> bool:
    if line.interface in ("", "lo"):
        return False
    return line.words[0] == "address" or _ADDS_ADDRESS.search(" ".join(line.words)) is not None


def _lines(text: str) -> Iterator[_Line]:
    interface = method = ""
    for line in filter(None, _LINE.findall(text)):
        words = tuple(line.replace("\\\n", " ").split())
        if not words or words[0].startswith("#"):
            yield _Line(line)
            continue
        if words[0] in _STANZAS or words[0].startswith("allow-"):
            interface = words[1] if words[0] == "iface" and len(words) > 1 else ""
            method = words[3] if interface and len(words) > 3 else ""
        elif words[:2] == ("use", "dhcp"):  # ifupdown-ng
            method = "dhcp"
        yield _Line(line, words, interface, method)
