"""Take this machine out of NetworkManager's connection profiles

A profile that is bound to the template's MAC address serves no clone; one UUID, one DHCP
client identifier or one MAC address that is set makes two clones one machine. From the
profiles in /etc/NetworkManager/system-connections these go: mac-address, cloned-mac-address
(unless it is a keyword such as permanent), uuid, timestamp, seen-bssids, dhcp-client-id,
dhcp-duid, dhcp-hostname, and permissions of an Ethernet profile, with which a network would be up
for one user only. NetworkManager makes a UUID from the file's name.

Reported is what a clone cannot use: a fixed address, and a MAC address by which a port of a bridge
or a bond is told from others. Such a profile keeps its MAC address.

Left on purpose: all other settings, comments; a UUID that another profile names; Wi-Fi and VPN
passwords (network-secrets reports them); profiles in ifcfg files (ifcfg). To remove
all profiles, choose net-nmconn.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.network import keyfile
from guestseal.guest.network.cloud_network import not_generated
from guestseal.guest.text_files import edits
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation


def _profiles(guest: Guest) -> dict[str, str]:
    return not_generated(guest.tree, keyfile.PROFILES)


def _edits(guest: Guest) -> Iterator[Action]:
    profiles = _profiles(guest)
    for path, text in profiles.items():
        others = "".join(other for name, other in profiles.items() if name != path)
        yield from edits(path, text, keyfile.unbound(text, others=others), "without what is this machine's")


def _found(guest: Guest) -> Iterator[Finding]:
    for path, text in _profiles(guest).items():
        yield from keyfile.findings(path, text)


OPERATION = Operation(kind=Kind.IDENTITY, also=_edits, findings=_found)
