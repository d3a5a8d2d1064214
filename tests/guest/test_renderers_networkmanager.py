"""What NetworkManager is told, as text."""

from __future__ import annotations

from pathlib import Path

from support.network_configs import EVERYTHING, NAMES, enabled, rendered
from support.trees import File, build

from guestseal.guest.network.renderers.choice import renderer_of
from guestseal.guest.network.renderers.networkmanager import RENDERER
from guestseal.guest.tree import Tree

EXPECTED = {
    "/etc/NetworkManager/system-connections/guestseal-52540077000b.nmconnection": """\
# Written by guestseal: what the platform says of this machine.
[connection]
id=guestseal-52540077000b
uuid=db67d443-3c3b-5550-8275-4a3ea5263dfe
type=ethernet
autoconnect-priority=100

[ethernet]
mac-address=52:54:00:77:00:0b
mtu=1450

[ipv4]
method=manual
address1=10.77.0.11/24
address2=10.78.0.11/32
gateway=10.77.0.1
route1=10.80.0.0/16,10.77.0.254,50
route2=10.81.0.0/16,10.99.0.1
route2_options=onlink=true
dns=10.77.0.53;
dns-search=lab.example;example;

[ipv6]
method=manual
address1=2001:db8::b/64
gateway=fe80::1
route1=2001:db8:9::/48,2001:db8::9,70
dns=2001:db8::53;
dns-search=lab.example;example;
""",
    "/etc/NetworkManager/system-connections/guestseal-eth1.nmconnection": """\
# Written by guestseal: what the platform says of this machine.
[connection]
id=guestseal-eth1
uuid=a88db5e8-9f6f-5c23-a6dd-146101746847
type=ethernet
interface-name=eth1
autoconnect-priority=100

[ethernet]

[ipv4]
method=auto
address1=192.0.2.7/25

[ipv6]
method=auto
""",
}


def test_everything_there_is_to_say(tmp_path: Path) -> None:
    assert rendered(RENDERER, tmp_path, {}, EVERYTHING) == EXPECTED


def test_its_files_are_for_root_only() -> None:
    """NetworkManager ignores a keyfile that others can read."""
    assert RENDERER.mode == 0o600


def test_each_card_is_told_to_take_its_profile() -> None:
    assert list(RENDERER.apply(EVERYTHING, NAMES)) == [
        ("nmcli", "connection", "reload"),
        ("nmcli", "--wait", "20", "connection", "up", "id", "guestseal-52540077000b"),
        ("nmcli", "--wait", "20", "connection", "up", "id", "guestseal-eth1"),
    ]


def test_a_guest_that_starts_networkmanager_uses_it(tmp_path: Path) -> None:
    build(tmp_path, enabled("NetworkManager.service"))
    with Tree(str(tmp_path)) as tree:
        assert renderer_of(tree) is RENDERER


def test_debians_leaves_to_ifupdown_what_stands_in_its_file(tmp_path: Path) -> None:
    main = "/etc/network/interfaces"
    both = {**enabled("NetworkManager.service"), **enabled("networking.service")}
    build(tmp_path, {**both, main: File("auto lo\niface lo inet loopback\n")})
    with Tree(str(tmp_path)) as tree:
        assert renderer_of(tree) is RENDERER
        Path(f"{tmp_path}{main}").write_text("auto eth0\niface eth0 inet dhcp\n")
        assert getattr(renderer_of(tree), "name", "") == "ifupdown"
