"""Everything that brings a guest's network cards up at its next boot."""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.network import cloud_network
from guestseal.guest.network.bringup import ifcfg, ifupdown, netplan, networkd, networkmanager
from guestseal.guest.network.bringup.configuration import CannotTell, Configuration
from guestseal.guest.services.boot_services import started
from guestseal.guest.services.runtime_files import runtime
from guestseal.guest.tree import Tree

_AGENTS = {"one-context": "OpenNebula's context package", "tiny-cloud-boot": "tiny-cloud"}
"""What writes a clone's configuration from its platform, beside cloud-init: units or OpenRC scripts."""


def configurations(guest: Guest) -> list[Configuration]:
    """The configurations of Ethernet cards that are in use, at least one.

    Raises CannotTell where the files do not tell: another program writes them for each clone,
    none of those known here is in use, or they are in a style that is not understood.
    """
    program = _left_to(guest.tree)
    if program is not None:
        raise CannotTell(f"{program} writes the configuration of each clone")
    found = _found(guest)
    if not found:
        raise CannotTell("no program that is known here configures a network card")
    return found


def _left_to(tree: Tree) -> str | None:
    """The program that writes the configuration of each clone anew; None: it is what the files say."""
    if cloud_network.written_anew(tree):
        return "cloud-init"
    for name, program in _AGENTS.items():
        if started(tree, (f"{name}.service",), (name,)):
            return program
    return None


def _found(guest: Guest) -> list[Configuration]:
    tree = guest.tree
    with runtime(guest) as run:
        named = list(ifupdown.configurations(tree))
        found = [
            *named,
            # Debian's NetworkManager leaves alone what is in ifupdown's file.
            *networkmanager.configurations(tree, run, makes_profiles=all(each.wanting for each in named)),
            *networkd.configurations(tree, run),
            *ifcfg.wicked(tree),
            *ifcfg.scripts(tree),
            *_any_card(tree),
        ]
        # A guest that runs has what netplan made for it in /run.
        return found if run is not None else [*found, *netplan.configurations(tree)]


def _any_card(tree: Tree) -> Iterator[Configuration]:
    """dhcpcd(8) asks on every card it finds, or on the one it is started for; ConnMan on every one."""
    alone = any(tree.glob("/etc/systemd/system/*.wants/dhcpcd@*.service"))
    if alone or started(tree, ("dhcpcd.service",), ("dhcpcd",)):
        yield Configuration("dhcpcd")
    if started(tree, ("connman.service",), ("connman",)):
        yield Configuration("ConnMan")
