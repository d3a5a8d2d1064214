"""ifcfg files: wicked's on SUSE (ifcfg(5)), and those of Red Hat's network-scripts (sysconfig.txt)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.network.bringup.configuration import Configuration
from guestseal.guest.network.ifcfg import SCRIPTS, WICKED
from guestseal.guest.network.renderers.ifcfg import used_by_scripts, used_by_wicked
from guestseal.guest.services import units
from guestseal.guest.sysconfig import variables
from guestseal.guest.tree import Tree

_NO = ("no", "false", "off", "0")
_NAME = re.compile(r"[\w-]+")
_ADDRESS = re.compile(r"IPADDR\w*")


def wicked(tree: Tree) -> Iterator[Configuration]:
    """What wicked starts at boot."""
    if used_by_wicked(tree):
        found = list(_files(tree, WICKED))
        nothing = Configuration(WICKED.rpartition("/")[0], nothing="has no ifcfg file that starts a card", wanting=True)
        yield from found or [nothing]


def scripts(tree: Tree) -> Iterator[Configuration]:
    """What Red Hat's network service starts at boot; where NetworkManager runs as well, it has read the same files."""
    if used_by_scripts(tree) and not units.enabled(tree, "NetworkManager.service"):
        found = list(profiles(tree))
        nothing = Configuration(
            SCRIPTS.rpartition("/")[0], nothing="has no ifcfg file that starts a card", wanting=True
        )
        yield from found or [nothing]


def profiles(tree: Tree) -> Iterator[Configuration]:
    """What Red Hat's files start."""
    return _files(tree, SCRIPTS)


def _files(tree: Tree, prefix: str) -> Iterator[Configuration]:
    for path in tree.glob(f"{prefix}*"):
        name = path.rpartition("ifcfg-")[2]
        if name == "lo" or not _NAME.fullmatch(name) or not tree.is_file(path):
            continue  # lo, and what editors and rpm leave
        said = variables(tree.read_text(path) or "")
        idle = said.get("ONBOOT", "").lower() in _NO or said.get("STARTMODE", "").lower() in ("off", "manual")
        if idle or said.get("TYPE", "Ethernet").lower() != "ethernet" or "WIRELESS" in said:
            continue
        asks = said.get("BOOTPROTO", "").lower().startswith("dhcp")
        fixed = not asks and any(_ADDRESS.fullmatch(key) for key in said)
        yield Configuration(path, path, card=said.get("HWADDR", "").lower(), name=said.get("DEVICE", name), fixed=fixed)
