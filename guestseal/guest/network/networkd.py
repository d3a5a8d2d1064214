"""systemd-networkd's files: what makes one this machine's own.

Sources: systemd.network(5), systemd.link(5), systemd.netdev(5), networkd.conf(5).
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.network import cards
from guestseal.guest.sections import Sections, Setting
from guestseal.report import Finding

# The directories of drop-ins are those of systemd.network(5); a pattern's * matches a hidden copy as well.
FILES = tuple(
    f"/etc/systemd/{name}"
    for name in (
        *("network/*.network*", "network/*.link*", "network/*.netdev*"),
        *("network/*.network.d/*", "network/*.link.d/*", "network/*.netdev.d/*"),
        *("networkd.conf", "networkd.conf.d/*"),
    )
)

_BY_MAC = ("macaddress", "permanentmacaddress")
_OTHER_MATCHES = frozenset(("name", "originalname", "path", "driver", "type", "kind", "property"))
_DHCP = ("dhcp", "dhcpv4", "dhcpv6")  # [DHCP] is older than the other two
_ON = ("yes", "true", "on", "1", "ipv4", "ipv6", "both", "v4", "v6")
_ANY_ETHERNET = "Name=e*"


def unbound(text: str, *, alone: bool = True) -> str:
    """``text`` without what is this machine's: MAC addresses, a DUID that is written down, a host name.

    A file that asks for an address by DHCP and is for one MAC address becomes one for every
    Ethernet card, if it is ``alone``: of several the first one would take all cards.
    """
    file = Sections(text)
    kept = file.without(_is_own)
    if _matches_mac(kept) and _can_be_for_all(kept, alone=alone):
        if not kept.keys("match") & _OTHER_MATCHES:
            kept = kept.with_first("match", _BY_MAC, _ANY_ETHERNET)
        kept = kept.without(lambda line: line.section == "match" and line.key in _BY_MAC)
    return kept.text


def is_for_one_card(text: str) -> bool:
    """Whether a .network file says by MAC address alone which card it is for."""
    file = Sections(text)
    return _matches_mac(file) and not file.keys("match") & _OTHER_MATCHES


def findings(path: str, text: str, *, alone: bool = True) -> Iterator[Finding]:
    """What of a file no clone can use."""
    file = Sections(text)
    if _is_fixed(file):
        yield cards.fixed_address(path)
        return
    names = " ".join(file.values("match", "name")).split()
    bound = _matches_mac(file) and not _can_be_for_all(file, alone=alone)
    if bound or any(map(cards.named_by_mac, names)):
        yield cards.one_card(path)


def _is_own(line: Setting) -> bool:
    if line.section in _DHCP:
        return line.key in ("duidrawdata", "hostname")
    return line.section in ("link", "netdev") and line.key == "macaddress" and cards.is_mac(line.value)


def _matches_mac(file: Sections) -> bool:
    return any(cards.is_mac(each) for value in file.values("match", *_BY_MAC) for each in value.split())


def _can_be_for_all(file: Sections, *, alone: bool) -> bool:
    """Whether a clone's card may have the file as well: a .link names one card, a bridge's port is one."""
    asks = file.last("network", "dhcp").lower() in _ON
    return asks and not _is_fixed(file) and (alone or bool(file.keys("match") & _OTHER_MATCHES))


def _is_fixed(file: Sections) -> bool:
    given = file.values("network", "address") or file.values("address", "address")
    return bool(given) and file.last("match", "name") != "lo"
