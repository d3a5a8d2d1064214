"""NetworkManager: NetworkManager.conf(5) and its profiles, those in ifcfg files included."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.network.bringup import ifcfg
from guestseal.guest.network.bringup.configuration import Configuration
from guestseal.guest.network.bringup.placed_files import PlacedFile, placed
from guestseal.guest.sections import Sections, Setting
from guestseal.guest.services.boot_services import started
from guestseal.guest.tree import Tree

_MAIN = "/etc/NetworkManager/NetworkManager.conf"
_PROFILES = "/NetworkManager/system-connections"
_ETHERNET = ("ethernet", "802-3-ethernet")
_NO = ("no", "false", "off", "0")
_NONE = "has no profile, and no-auto-default=* keeps it from making one"


def configurations(tree: Tree, run: Tree | None, *, makes_profiles: bool) -> Iterator[Configuration]:
    """Its profiles, and itself where it makes one for a card that has none, with DHCP.

    ``makes_profiles``: nothing else has the cards that it would make one for.
    """
    if not started(tree, ("NetworkManager.service",), ("networkmanager", "NetworkManager")):
        return
    automatic, managed = _manages(tree, run)
    if not managed:
        return
    profiles = [*_keyfiles(tree, run), *ifcfg.profiles(tree)]
    yield from profiles
    if not automatic and not profiles:
        yield Configuration("NetworkManager", nothing=_NONE, wanting=True)
    if automatic and makes_profiles and not any(profile.fixed and not profile.card for profile in profiles):
        yield Configuration("NetworkManager")


def _manages(tree: Tree, run: Tree | None) -> tuple[bool, bool]:
    """Whether NetworkManager makes profiles itself, and whether it cares for Ethernet cards at all."""
    automatic = managed = True
    for file in _configuration(tree, run):
        for setting in Sections(file.text(), continued=False).settings():
            if _is(setting, "main", "no-auto-default"):
                automatic = "*" not in re.split(r"[,;\s]+", setting.value)
            if _is(setting, "keyfile", "unmanaged-devices"):  # Ubuntu's server: all but wireless ones
                managed = not setting.value.startswith(("*", "type:ethernet")) or (
                    "except:type:ethernet" in setting.value
                )
    return automatic, managed


def _configuration(tree: Tree, run: Tree | None) -> list[PlacedFile]:
    """The files in the order in which they are read: the main one comes before the administrator's others."""
    files = placed("/NetworkManager/conf.d", tree, run, suffix=".conf")
    own = [file for file in files if file.own]
    return [*(file for file in files if not file.own), PlacedFile(tree, _MAIN, _MAIN), *own]


def _keyfiles(tree: Tree, run: Tree | None) -> Iterator[Configuration]:
    for file in placed(_PROFILES, tree, run):
        settings = Sections(file.text(), continued=False)
        if settings.last("connection", "type") not in _ETHERNET:
            continue
        if settings.last("connection", "autoconnect").lower() in _NO:
            continue
        yield Configuration(
            file.where,
            file.own,
            card=" ".join(value for section in _ETHERNET for value in settings.values(section, "mac-address")),
            name=settings.last("connection", "interface-name"),
            fixed=settings.last("ipv4", "method") == "manual",
            # nms_keyfile_utils_check_file_permissions_stat() in NetworkManager.
            nothing="" if file.is_roots_alone() else "is not read: it has to be root's, with mode 0600",
        )


def _is(setting: Setting, section: str, key: str) -> bool:
    return (setting.section, setting.key) == (section, key)
