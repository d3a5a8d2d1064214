"""Remove NetworkManager's connection profiles

All of /etc/NetworkManager/system-connections, passwords overwritten: for a template whose
clones get their whole network configuration from the platform. NetworkManager then uses DHCP on
every card, unless no-auto-default in its configuration forbids it (RHEL's package
NetworkManager-config-server does).

Not done by default: bridges, bonds, VLANs and routes that were made on purpose are in these files.
The operation networkmanager takes out what is this machine's and keeps the rest.
"""

from __future__ import annotations

import re

from guestseal.guest.facts import Guest
from guestseal.guest.text_files import texts
from guestseal.seal.operation import Guard, Kind, Operation

_CONFIGS = (
    "/etc/NetworkManager/NetworkManager.conf",
    "/etc/NetworkManager/conf.d/*",
    "/usr/lib/NetworkManager/conf.d/*",
)
_NO_AUTO_DEFAULT = re.compile(r"^\s*no-auto-default\s*=\s*\*", re.MULTILINE)


def _makes_profiles(guest: Guest) -> bool:
    return not any(_NO_AUTO_DEFAULT.search(text) for _, text in texts(guest.tree, *_CONFIGS))


OPERATION = Operation(
    kind=Kind.SECRET,
    remove=("/etc/NetworkManager/system-connections/*",),
    needs=(
        Guard(
            _makes_profiles,
            "no-auto-default=* keeps NetworkManager from making new ones and a clone would have no network: "
            "remove that setting, or package NetworkManager-config-server",
        ),
    ),
    default=False,
)
