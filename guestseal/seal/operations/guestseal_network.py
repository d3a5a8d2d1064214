"""Remove the network configuration that guestseal's first boot wrote

A template master that is itself a clone may have a fixed address that its platform gave it.
The files for netplan, NetworkManager, systemd-networkd and ifupdown that have guestseal in
their names go, and with them the line that has ifupdown read ours; the lines of
/etc/network/interfaces that they stood in for count again.

Left on purpose: ifcfg files, of which guestseal changes lines only: the operation ifcfg looks
after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.network.renderers.interfaces import FILE, OFF
from guestseal.guest.text_files import edits, texts
from guestseal.seal.operation import Kind, Operation

_SOURCE = re.compile(rf"^source {re.escape(FILE)}\n?", re.MULTILINE)
_SWITCHED_OFF = re.compile(rf"^{re.escape(OFF)}", re.MULTILINE)


def _template(guest: Guest) -> Iterator[Action]:
    for path, text in texts(guest.tree, "/etc/network/interfaces", "/etc/network/interfaces.d/*"):
        after = _SWITCHED_OFF.sub("", _SOURCE.sub("", text))
        yield from edits(path, text, after, "the template's own lines, in the place of guestseal's")


OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=(
        "/etc/netplan/99-guestseal.yaml",
        "/etc/NetworkManager/system-connections/guestseal-*.nmconnection",
        "/etc/systemd/network/00-guestseal-*.network",
        FILE,
    ),
    also=_template,
)
