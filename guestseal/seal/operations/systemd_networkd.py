"""Take this machine out of systemd-networkd's configuration

From the .network, .link and .netdev files in /etc/systemd/network, their drop-ins and
networkd.conf these go: a MAC address that is set (MACAddress= in [Link] and [NetDev]), a DUID that
is written down (DUIDRawData=) and the host name that DHCP is told. A .network file that asks for an
address by DHCP and is for one MAC address becomes one for any Ethernet card (Name=e*), or
for what else it matches.

Reported is what a clone cannot use: a fixed address, a match by MAC address where several files
have one, a .link file that names one card. Hidden copies (.05-eth0.network), which networkd does not read
and people forget, are looked at as well.

Left on purpose: all other settings, comments, MAC addresses of other machines ([DHCPServerStaticLease],
[BridgeFDB]); files that cloud-init writes for each clone (cloud-init-network removes them).
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.network import networkd
from guestseal.guest.network.cloud_network import not_generated
from guestseal.guest.text_files import edits
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation


def _files(guest: Guest) -> dict[str, str]:
    return not_generated(guest.tree, *networkd.FILES)


def _one_card(files: dict[str, str]) -> bool:
    """Whether at most one of the files that networkd reads is for a card by its MAC address alone."""
    read = (text for path, text in files.items() if path.endswith(".network") and "/." not in path)
    return sum(map(networkd.is_for_one_card, read)) <= 1


def _edits(guest: Guest) -> Iterator[Action]:
    files = _files(guest)
    alone = _one_card(files)
    for path, text in files.items():
        yield from edits(path, text, networkd.unbound(text, alone=alone), "without what is this machine's")


def _found(guest: Guest) -> Iterator[Finding]:
    files = _files(guest)
    alone = _one_card(files)
    for path, text in files.items():
        yield from networkd.findings(path, text, alone=alone)


OPERATION = Operation(kind=Kind.IDENTITY, also=_edits, findings=_found)
