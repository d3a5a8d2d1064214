"""The firewalls that a guest sets up at boot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Callable

from guestseal.guest.network.firewall import firewalld, iptables, nftables, ufw
from guestseal.guest.network.firewall.rules import Packet, surely_refused
from guestseal.guest.services.boot_services import started
from guestseal.guest.tree import Tree


@dataclass(frozen=True)
class Firewall:
    """One program with its rules, and whether they surely refuse a packet."""

    name: str
    path: str
    refused: Callable[[Packet], bool]


_IPTABLES = {  # the file, and what reads it at boot
    "/etc/iptables/rules.v4": "netfilter-persistent",  # Debian
    "/etc/sysconfig/iptables": "iptables",  # RHEL
    "/etc/iptables/iptables.rules": "iptables",  # Arch
    "/etc/iptables/rules-save": "iptables",  # Alpine
}
_NFTABLES = (
    "/etc/nftables.conf",
    "/etc/sysconfig/nftables.conf",  # RHEL
    "/etc/nftables.nft",  # Alpine
)


def firewalls(tree: Tree) -> Iterator[Firewall]:
    """Each firewall that is enabled."""
    if ufw.switched_on(tree) and _starts(tree, "ufw"):
        yield Firewall("ufw", ufw.CONFIG, lambda packet: ufw.refused(tree, packet))
    if _starts(tree, "firewalld"):
        # What goes out it lets pass, unless a policy says otherwise.
        yield Firewall(
            "firewalld", firewalld.zone(tree), lambda packet: packet.incoming and firewalld.refused(tree, packet)
        )
    for path, service in _IPTABLES.items():
        if tree.is_file(path) and _starts(tree, service):
            yield Firewall("iptables", path, _by_iptables(tree, path))
    for path in _NFTABLES:
        if tree.is_file(path) and _starts(tree, "nftables"):
            yield Firewall("nftables", path, _by_nftables(tree, path))


def _starts(tree: Tree, service: str) -> bool:
    return started(tree, (f"{service}.service",), (service,))


def _by_iptables(tree: Tree, path: str) -> Callable[[Packet], bool]:
    def refused(packet: Packet) -> bool:
        chains = iptables.chains(tree.read_text(path) or "", packet)
        start = "INPUT" if packet.incoming else "OUTPUT"
        return start in chains and surely_refused(chains, start)

    return refused


def _by_nftables(tree: Tree, path: str) -> Callable[[Packet], bool]:
    return lambda packet: nftables.refused(tree.read_text(path) or "", packet)
