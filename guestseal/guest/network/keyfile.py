"""NetworkManager's profiles in keyfiles: what makes one this machine's own.

Sources: nm-settings-keyfile(5), nm-settings-nmcli(5); NetworkManager's nm_keyfile_read_ensure_uuid: a
profile without a UUID gets one from its file name.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.network import cards
from guestseal.guest.sections import Sections, Setting
from guestseal.report import Finding

PROFILES = "/etc/NetworkManager/system-connections/*"

_ETHERNET = ("ethernet", "802-3-ethernet")
_CARDS = (*_ETHERNET, "wifi", "802-11-wireless", "infiniband")
_PORT = ("controller", "master", "slave-type", "port-type")
_FAMILIES = ("ipv4", "ipv6")
# What NetworkManager makes itself, from the machine-id, the card or the lease. Any other value is this machine's.
_MADE = (
    *("mac", "perm-mac", "duid", "ipv6-duid", "stable", "none", "lease"),
    *("ll", "llt", "stable-ll", "stable-llt", "stable-uuid"),
)


def unbound(text: str, *, others: str = "") -> str:
    """``text`` without what is this machine's: its UUID, MAC addresses, DHCP identity and name, time of last use.

    A MAC address that says for which card it is stays where the profile gives a fixed address, or
    would have no other way to tell which card of a bridge or a bond it is: a clone would get the
    wrong one. ``others``: the text of all other profiles; a UUID that stands there stays.
    """
    profile = Sections(text, continued=False)
    bound = _must_stay_bound(profile)
    shared = profile.last("connection", "type") in _ETHERNET

    def is_own(line: Setting) -> bool:
        if line.section == "connection":
            named = line.key == "uuid" and line.value not in others
            return named or line.key == "timestamp" or (line.key == "permissions" and shared)
        if line.section in _FAMILIES:
            identity = line.key in ("dhcp-client-id", "dhcp-duid") and line.value not in _MADE
            return identity or line.key in ("dhcp-hostname", "dhcp-fqdn")
        if line.key == "mac-address" and line.section in _CARDS:
            return not bound
        return line.key == "seen-bssids" or (line.key in ("cloned-mac-address", "mac-address") and _is_own_mac(line))

    return profile.without(is_own).text


def findings(path: str, text: str) -> Iterator[Finding]:
    """What of a profile no clone can use."""
    profile = Sections(text, continued=False)
    if _is_fixed(profile):
        yield cards.fixed_address(path)
        return
    bound = _must_stay_bound(profile) and any(profile.last(section, "mac-address") for section in _CARDS)
    if bound or cards.named_by_mac(profile.last("connection", "interface-name")):
        yield cards.one_card(path)


def _must_stay_bound(profile: Sections) -> bool:
    port = any(profile.last("connection", key) for key in _PORT)
    return _is_fixed(profile) or (port and not profile.last("connection", "interface-name"))


def _is_fixed(profile: Sections) -> bool:
    given = any(key.startswith("address") for family in _FAMILIES for key in profile.keys(family))
    return given or any(profile.last(family, "method") == "manual" for family in _FAMILIES)


def _is_own_mac(line: Setting) -> bool:
    return line.section not in ("bluetooth", "wireguard") and cards.is_mac(line.value)
