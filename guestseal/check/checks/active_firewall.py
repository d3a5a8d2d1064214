"""A firewall is enabled in the guest

DigitalOcean has no firewall before a Droplet unless its owner makes one, so its image checker
wants one inside: ufw, firewalld, or rules of iptables or nftables that are loaded at boot. A warning,
there as here. Whether it lets SSH in is the check firewall's.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.guest.network.firewall.survey import firewalls


def _look(subject: Subject) -> Iterator[Problem]:
    if not any(True for _ in firewalls(subject.tree)):
        yield Problem("no firewall is enabled", "enable ufw, firewalld or nftables, with SSH let in", fails=False)


CHECK = Check(
    _look,
    source="digitalocean/marketplace-partners, scripts/99-img-check.sh, checkFirewall",
    profiles=("digitalocean",),
)
