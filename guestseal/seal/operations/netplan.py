"""Take this machine out of netplan's configuration

A definition that matches the template's MAC address serves no clone, and Ubuntu's installer
and cloud-init write such ones. In the files of /etc/netplan the only network card, if it has
DHCP, becomes any Ethernet card (`match: name: "e*"`) and keeps the name the kernel gives it
(set-name goes). A MAC address that is set goes, and so does the time when NetworkManager used
a profile last. Files are changed by line: order, comments and quotes stay.

Reported is what a clone cannot use: a fixed address, and a match by MAC address that cannot be
made wider, because there are several cards, bridges or bonds, or the file is in YAML's flow style.

Left on purpose: all other settings; files that cloud-init writes for each clone
(cloud-init-network removes them); /usr/lib/netplan. The DUID that systemd-networkd gives to DHCP
comes from the machine-id, so `dhcp-identifier: mac` is not needed. Afterwards networkd's
files in /run are as before: only the next boot makes them anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.network import netplan
from guestseal.guest.network.cloud_network import not_generated
from guestseal.guest.text_files import edits
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation


def _files(guest: Guest) -> dict[str, str]:
    return not_generated(guest.tree, netplan.FILES)


def _cards(files: dict[str, str]) -> set[str]:
    # netplan-generate(8) reads *.yaml only: a copy under another name is no second card.
    return {card for path, text in files.items() if path.endswith(".yaml") for card in netplan.Netplan(text).cards}


def _edits(guest: Guest) -> Iterator[Action]:
    files = _files(guest)
    every = _cards(files)
    for path, text in files.items():
        after = netplan.Netplan(text).unbound(cards_of_all=every)
        yield from edits(path, text, after, "for any Ethernet card, without what is this machine's")


def _found(guest: Guest) -> Iterator[Finding]:
    files = _files(guest)
    every = _cards(files)
    for path, text in files.items():
        yield from netplan.Netplan(text).findings(path, cards_of_all=every)


OPERATION = Operation(kind=Kind.IDENTITY, also=_edits, findings=_found)
