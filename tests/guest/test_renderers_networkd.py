"""What systemd-networkd is told, as text."""

from __future__ import annotations

from pathlib import Path

from support.network_configs import EVERYTHING, enabled, rendered
from support.trees import build

from guestseal.guest.network.renderers.choice import renderer_of
from guestseal.guest.network.renderers.networkd import RENDERER
from guestseal.guest.tree import Tree

EXPECTED = {
    "/etc/systemd/network/00-guestseal-52540077000b.network": """\
# Written by guestseal: what the platform says of this machine.
[Match]
MACAddress=52:54:00:77:00:0b
Type=ether

[Link]
MTUBytes=1450

[Network]
DHCP=no
Address=10.77.0.11/24
Address=10.78.0.11/32
Address=2001:db8::b/64
DNS=10.77.0.53
DNS=2001:db8::53
Domains=lab.example example

[Route]
Gateway=10.77.0.1

[Route]
Destination=10.80.0.0/16
Gateway=10.77.0.254
Metric=50

[Route]
Destination=10.81.0.0/16
Gateway=10.99.0.1
GatewayOnLink=yes

[Route]
Gateway=fe80::1

[Route]
Destination=2001:db8:9::/48
Gateway=2001:db8::9
Metric=70
""",
    "/etc/systemd/network/00-guestseal-eth1.network": """\
# Written by guestseal: what the platform says of this machine.
[Match]
Name=eth1

[Network]
DHCP=yes
IPv6AcceptRA=yes
Address=192.0.2.7/25
""",
}


def test_everything_there_is_to_say(tmp_path: Path) -> None:
    assert rendered(RENDERER, tmp_path, {}, EVERYTHING) == EXPECTED


def test_a_guest_that_starts_networkd_uses_it(tmp_path: Path) -> None:
    build(tmp_path, enabled("systemd-networkd.service"))
    with Tree(str(tmp_path)) as tree:
        assert renderer_of(tree) is RENDERER


def test_a_guest_that_has_it_and_does_not_start_it_does_not(tmp_path: Path) -> None:
    units = enabled("systemd-networkd.service")
    build(tmp_path, {path: entry for path, entry in units.items() if ".wants/" not in path})
    with Tree(str(tmp_path)) as tree:
        assert renderer_of(tree) is None
