"""ufw: its rules are iptables' in /etc/ufw, around the defaults in /etc/default/ufw. Source: ufw-framework(8)."""

from __future__ import annotations

from guestseal.guest.network.firewall import iptables
from guestseal.guest.network.firewall.rules import Chain, Does, Match, Packet, Rule, surely_refused
from guestseal.guest.sysconfig import variables
from guestseal.guest.tree import Tree

CONFIG = "/etc/ufw/ufw.conf"
_PLACES = ("before", "user", "after")  # ufw-init-functions: in this order, and then the default
_FILES = ("/etc/ufw/before.rules", "/etc/ufw/user.rules", "/etc/ufw/after.rules")


def switched_on(tree: Tree) -> bool:
    """Whether `ufw enable` was said."""
    text = (tree.read_text(CONFIG) or "") if tree.is_file(CONFIG) else ""
    return variables(text).get("ENABLED", "").lower() == "yes"


def refused(tree: Tree, packet: Packet) -> bool:
    """Whether its rules and its default surely refuse the packet."""
    way = "input" if packet.incoming else "output"
    found = {f"ufw-{place}-{way}": Chain(()) for place in _PLACES}
    for path in _FILES:
        if tree.is_file(path):
            for name, chain in iptables.chains(tree.read_text(path) or "", packet).items():
                before = found.get(name, Chain(()))
                found[name] = Chain((*before.rules, *chain.rules))
    defaults = variables((tree.read_text("/etc/default/ufw") or "") if tree.is_file("/etc/default/ufw") else "")
    policy = defaults.get(f"DEFAULT_{way.upper()}_POLICY", "ACCEPT").upper()
    jumps = [Rule(Match.YES, Does.JUMP, f"ufw-{place}-{way}") for place in _PLACES]
    found["ufw"] = Chain(jumps, policy in ("DROP", "REJECT"))
    return surely_refused(found, "ufw")
