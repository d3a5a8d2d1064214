"""Take this machine out of ifcfg files

On Red Hat's systems (/etc/sysconfig/network-scripts) and SUSE's (/etc/sysconfig/network) a card whose
HWADDR is not that of its file is not brought up, and two clones with one UUID, DHCP client
identifier or MACADDR are one machine. These go: HWADDR, UUID, MACADDR and LLADDR, HOSTNAME,
DHCP_HOSTNAME, DHCP_FQDN, DHCLIENT_HOSTNAME_OPTION, DHCP and DHCLIENT client identifiers,
DHCPV6_DUID and LAST_CONNECT. What is left of a plain card is what CloudStack's guide asks for: DEVICE,
TYPE, BOOTPROTO=dhcp and ONBOOT=yes; on Red Hat's systems what is missing of it is added.

Reported is what a clone cannot use: a fixed address (its HWADDR stays, so that no clone takes the
address), and a file for a card that is named by its MAC address.

Left on purpose: all other lines; ifcfg-lo; ONBOOT=no where there are several cards; a UUID
that another file names; routes; files that cloud-init writes for each clone.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.network import ifcfg
from guestseal.guest.network.cloud_network import not_generated
from guestseal.guest.text_files import edits
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation


def _files(guest: Guest) -> dict[str, str]:
    found = not_generated(guest.tree, f"{ifcfg.SCRIPTS}*", f"{ifcfg.WICKED}*")
    return {path: text for path, text in found.items() if not path.endswith("/ifcfg-lo")}


def _edits(guest: Guest) -> Iterator[Action]:
    files = _files(guest)
    alone = sum(ifcfg.is_plain(path, text) for path, text in files.items()) == 1
    for path, text in files.items():
        others = "".join(other for name, other in files.items() if name != path)
        after = ifcfg.unbound(path, text, others=others, alone=alone)
        yield from edits(path, text, after, "without what is this machine's")


def _found(guest: Guest) -> Iterator[Finding]:
    for path, text in _files(guest).items():
        yield from ifcfg.findings(path, text)


OPERATION = Operation(kind=Kind.IDENTITY, also=_edits, findings=_found)
