"""What netplan is told, as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.network_configs import EVERYTHING, NAMES, rendered
from support.trees import Entry, File, build

from guestseal.guest.network.renderers.choice import renderer_of
from guestseal.guest.network.renderers.netplan import FOR_NETWORKMANAGER, RENDERER
from guestseal.guest.tree import Tree

TEMPLATE: dict[str, Entry] = {
    "/usr/sbin/netplan": File("", 0o755),
    "/etc/netplan/50-cloud-init.yaml": File(
        "network: {version: 2, ethernets: {all: {match: {name: e*}, dhcp4: true}}}\n"
    ),
}
EXPECTED = {
    "/etc/netplan/99-guestseal.yaml": """\
# Written by guestseal: what the platform says of this machine.
network:
  version: 2
  ethernets:
    "00guestseal-52540077000b":
      match:
        macaddress: "52:54:00:77:00:0b"
      dhcp4: false
      dhcp6: false
      mtu: 1450
      addresses:
        - "10.77.0.11/24"
        - "10.78.0.11/32"
        - "2001:db8::b/64"
      routes:
        - to: "0.0.0.0/0"
          via: "10.77.0.1"
        - to: "10.80.0.0/16"
          via: "10.77.0.254"
          metric: 50
        - to: "10.81.0.0/16"
          via: "10.99.0.1"
          on-link: true
        - to: "::/0"
          via: "fe80::1"
        - to: "2001:db8:9::/48"
          via: "2001:db8::9"
          metric: 70
      nameservers:
        addresses:
          - "10.77.0.53"
          - "2001:db8::53"
        search:
          - "lab.example"
          - "example"
    "00guestseal-eth1":
      match:
        name: "eth1"
      dhcp4: true
      dhcp6: true
      addresses:
        - "192.0.2.7/25"
""",
}


def test_everything_there_is_to_say(tmp_path: Path) -> None:
    assert rendered(RENDERER, tmp_path, TEMPLATE, EVERYTHING) == EXPECTED


def test_a_guest_with_netplans_files_uses_it(tmp_path: Path) -> None:
    build(tmp_path, TEMPLATE)
    with Tree(str(tmp_path)) as tree:
        assert renderer_of(tree) is RENDERER
        (tmp_path / "etc/netplan/50-cloud-init.yaml").unlink()
        assert renderer_of(tree) is None


def test_its_file_is_for_root_only() -> None:
    assert RENDERER.mode == 0o600


@pytest.mark.parametrize(
    "text", ["network:\n  version: 2\n  renderer: NetworkManager\n", 'network: {"renderer": "NetworkManager"}\n']
)
def test_where_it_writes_networkmanagers_profiles_those_are_brought_up(tmp_path: Path, text: str) -> None:
    build(tmp_path, {**TEMPLATE, "/etc/netplan/01-network-manager-all.yaml": File(text)})
    with Tree(str(tmp_path)) as tree:
        assert renderer_of(tree) is FOR_NETWORKMANAGER
    assert list(FOR_NETWORKMANAGER.apply(EVERYTHING, NAMES))[1][-1] == "netplan-00guestseal-52540077000b"
    assert list(RENDERER.apply(EVERYTHING, NAMES)) == [("networkctl", "reload")]
