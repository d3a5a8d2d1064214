"""Take this machine out of /etc/network/interfaces

From the stanzas in /etc/network/interfaces and interfaces.d (Debian, Alpine) these go: a
MAC address that is set (hwaddress), and the name and the client identifier that DHCP is told, unless
the name is localhost.

Reported is what a clone cannot use: a fixed address, and a stanza for one MAC address.

Left on purpose: all other lines and comments, the loopback interface, `hwaddress random`; files that
cloud-init writes for each clone (cloud-init-network removes them). Wi-Fi passwords are
reported by network-secrets.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.network import interfaces
from guestseal.guest.network.cloud_network import not_generated
from guestseal.guest.text_files import edits
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation


def _files(guest: Guest) -> dict[str, str]:
    return not_generated(guest.tree, *interfaces.FILES)


def _edits(guest: Guest) -> Iterator[Action]:
    for path, text in _files(guest).items():
        yield from edits(path, text, interfaces.unbound(text), "without what is this machine's")


def _found(guest: Guest) -> Iterator[Finding]:
    for path, text in _files(guest).items():
        yield from interfaces.findings(path, text)


OPERATION = Operation(kind=Kind.IDENTITY, also=_edits, findings=_found)
