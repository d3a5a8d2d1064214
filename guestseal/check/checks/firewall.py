"""No firewall in the guest keeps SSH out, or the metadata service away

A platform has its own firewall before the guest. One inside that refuses SSH leaves a clone that
nobody reaches; one that refuses the address 169.254.169.254 leaves a clone without its
keys, name and password. Looked at are ufw, firewalld's default zone, nftables.conf and the files
that iptables rules are restored from, when something loads them at boot. It fails only where
the rules refuse a new connection whatever is not known from files: peers' addresses, rates, sets.

DHCP is not looked at: the clients receive by raw sockets, before any of these rules (packet(7)).
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.guest.network.firewall.rules import Packet
from guestseal.guest.network.firewall.survey import firewalls
from guestseal.guest.ssh import ssh_login
from guestseal.guest.ssh.sshd_config import SshdConfig

_METADATA = Packet(80, incoming=False, address="169.254.169.254")


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    ports = SshdConfig.read(tree).ports if ssh_login.enabled(tree) else ()
    for firewall in firewalls(tree):
        if ports and all(firewall.refused(Packet(port, incoming=True)) for port in ports):
            said = ", ".join(str(port) for port in ports)
            remedy = f"accept TCP connections to port {said}, or leave them to the platform's firewall"
            yield Problem(f"{firewall.name} lets no SSH connection in", remedy, firewall.path)
        if firewall.refused(_METADATA):
            remedy = f"accept TCP connections to port 80 of {_METADATA.address}"
            yield Problem(f"{firewall.name} lets nothing out to the metadata service", remedy, firewall.path)


CHECK = Check(_look, source="iptables(8), nft(8), ufw-framework(8), firewalld.zone(5)")
