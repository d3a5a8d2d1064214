"""ifcfg files of Red Hat's network-scripts and of SUSE's wicked: what makes one this machine's own.

Sources: sysconfig.txt of initscripts; nm-settings-ifcfg-rh(5); ifcfg(5) and ifcfg-dhcp(5) of wicked;
"Creating a Linux template" of CloudStack's documentation for what is to be left of a DHCP card's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.network import cards
from guestseal.guest.sysconfig import assigned, variables, without
from guestseal.report import Finding

SCRIPTS = "/etc/sysconfig/network-scripts/ifcfg-"
WICKED = "/etc/sysconfig/network/ifcfg-"

_OWN = frozenset(
    (
        *("HOSTNAME", "DHCP_HOSTNAME", "DHCP_FQDN", "DHCPV6_HOSTNAME", "DHCP_CLIENT_ID", "DHCPV6_DUID"),
        *("DHCLIENT_CLIENT_ID", "DHCLIENT6_CLIENT_ID", "DHCLIENT_HOSTNAME_OPTION", "LAST_CONNECT"),
    )
)
_SET_MAC = ("MACADDR", "LLADDR")
_FIXED = re.compile(r"IPADDR\w*|IPV6ADDR(?:_SECONDARIES)?")
_CARD = re.compile(r"e(?:th|n|m)\w+")  # em1: biosdevname(1)
_NOT_A_CARD = frozenset(("BRIDGE", "MASTER", "TEAM_MASTER", "BRIDGE_UUID", "MASTER_UUID", "VLAN"))


def unbound(path: str, text: str, *, others: str = "", alone: bool = True) -> str:
    """``text`` of the file at ``path`` without what is this machine's: UUID, MAC addresses, DHCP identity and name.

    HWADDR stays where a fixed address is given, which no clone's card must get. A Red Hat card
    with DHCP is left with the lines it needs: DEVICE and TYPE, and ONBOOT=yes where it is the only
    one. ``others``: the text of all other files; a UUID that stands there stays. ``alone``:
    no other file is for such a card.
    """
    fixed = _is_fixed(variables(text))

    def is_own(key: str, value: str) -> bool:
        if key == "UUID":
            return value not in others
        if key in _SET_MAC:
            return cards.is_mac(value)
        return (key in _OWN and value != "AUTO") or (key == "HWADDR" and not fixed)

    kept = without(text, is_own)
    return _completed(_card_of(path, text), kept, alone=alone) if is_plain(path, text) else kept


def is_plain(path: str, text: str) -> bool:
    """Whether it is a Red Hat file for one Ethernet card that asks for its address by DHCP."""
    said = variables(text)
    ethernet = said.get("TYPE", "Ethernet") == "Ethernet" and _CARD.fullmatch(_card_of(path, text)) is not None
    asks = said.get("BOOTPROTO", "").lower() == "dhcp" and not _is_fixed(said)
    return path.startswith(SCRIPTS) and ethernet and asks and not _NOT_A_CARD & set(said)


def findings(path: str, text: str) -> Iterator[Finding]:
    """What of a file no clone can use."""
    said = variables(text)
    name = path.rpartition("ifcfg-")[2]
    if _is_fixed(said):
        yield cards.fixed_address(path)
    elif cards.named_by_mac(said.get("DEVICE", "")) or cards.named_by_mac(name):
        yield cards.one_card(path)


def _is_fixed(said: dict[str, str]) -> bool:
    return any(value and _FIXED.fullmatch(key) for key, value in said.items())


def _card_of(path: str, text: str) -> str:
    return variables(text).get("DEVICE") or path.rpartition("ifcfg-")[2]


def _completed(card: str, text: str, *, alone: bool) -> str:
    said = variables(text)
    if "DEVICE" not in said:
        text = assigned(text, "DEVICE", card)
    if "TYPE" not in said:
        text = assigned(text, "TYPE", "Ethernet")
    starts = said.get("ONBOOT", "").lower() in ("yes", "true", "on", "1", "y", "t") or not alone
    return text if starts else assigned(text, "ONBOOT", "yes")
