"""Clones without DHCP that get their addresses from the platform; and each tool's own word on our files."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.containers import CLONE, ROUTER, Container, network, ssh
from support.debian import PACKAGES, base, dirty, guestseal, install, run, view
from support.network_configs import EVERYTHING, MAC, NAMES

from guestseal.guest.network.renderers import interfaces, netplan, networkmanager
from guestseal.guest.network.renderers.renderer import Renderer
from guestseal.guest.tree import Tree

pytestmark = pytest.mark.system

TOOLS = [*PACKAGES, "ifupdown", "netplan.io", "network-manager", "systemd-resolved", "iputils-ping"]
STATIC = {
    "addresses": [f"{CLONE}/24"],
    "routes": [{"to": "default", "via": ROUTER}],
    "nameservers": {"addresses": [ROUTER], "search": ["lab.example"]},
}
# netplan(5) matches the MAC address that a card was made with, and a veth has none such.
BY_NAME = {"network": {"version": 2, "ethernets": {"eth0": STATIC}}}
BY_MAC = {"network": {"version": 2, "ethernets": {"nic0": {"match": {"macaddress": MAC}, **STATIC}}}}
SHORT_WAIT = "[Service]\nExecStart=\nExecStart=/lib/systemd/systemd-networkd-wait-online --timeout=3\n"
STARTED = {
    "ifupdown": "networking.service",
    "networkd": "systemd-networkd.service",
    "netplan": "systemd-networkd.service",
    "NetworkManager": "NetworkManager.service",
}
DHCP = {
    "ifupdown": {
        "etc/network/interfaces": "auto lo eth0\niface lo inet loopback\n\n# ours\niface eth0 inet dhcp\n",
        # The shipped file waits a minute, which is what a user sees, and what this test need not.
        "etc/dhcp/dhclient.conf": "timeout 3;\nretry 1;\n",
    },
    "networkd": {
        "etc/network/interfaces": "auto lo\niface lo inet loopback\n",
        "etc/systemd/network/80-dhcp.network": "[Match]\nName=e*\n[Network]\nDHCP=yes\n",
        "etc/systemd/system/systemd-networkd-wait-online.service.d/short.conf": SHORT_WAIT,
    },
    "netplan": {
        "etc/network/interfaces": "auto lo\niface lo inet loopback\n",
        "etc/netplan/50-dhcp.yaml": "network: {version: 2, ethernets: {all: {match: {name: e*}, dhcp4: true}}}\n",
        "etc/systemd/system/systemd-networkd-wait-online.service.d/short.conf": SHORT_WAIT,
    },
    "NetworkManager": {
        "etc/network/interfaces": "auto lo\niface lo inet loopback\n",
        "etc/NetworkManager/conf.d/dhcp.conf": "[connection]\nipv4.dhcp-timeout=3\n",
    },
}


@pytest.fixture(params=sorted(DHCP))
def clone(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A clone of a sealed template that waits for DHCP, with a seed; and the key of its owner."""
    key = tmp_path / "owner"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    with view(base(packages=TOOLS), tmp_path / "template") as tree:
        install(tree)
        dirty(tree)
        for path, text in DHCP[request.param].items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text)
        run("systemctl", "--root", tree, "disable", *set(STARTED.values()), "systemd-resolved.service")
        run("systemctl", "--root", tree, "enable", STARTED[request.param])
        (tree / "etc/guestseal").mkdir(exist_ok=True)
        (tree / "etc/guestseal/guestseal.conf").write_text("[firstboot]\nsources = nocloud\n")
        (tree / "etc/resolv.conf").unlink()
        (tree / "etc/resolv.conf").write_text("# none yet\n")
        guestseal("--root", tree, "seal", "--yes")
        seed = tree / "var/lib/cloud/seed/nocloud"
        seed.mkdir(parents=True)
        said = {"instance-id": "i-1", "local-hostname": "web1", "public-keys": [key.with_suffix(".pub").read_text()]}
        (seed / "meta-data").write_text(json.dumps(said))
        (seed / "network-config").write_text(json.dumps(BY_NAME if request.param == "netplan" else BY_MAC))
        yield tree, key


def test_a_clone_gets_its_address_from_the_platform_and_can_be_reached(clone: tuple[Path, Path]) -> None:
    tree, key = clone
    with network() as (lab, namespace), Container(tree, namespace=namespace) as box:
        box.expect("web1 login: ")
        seen = _ssh(lab, key, "ip -4 -o address show eth0; ip route; cat /etc/resolv.conf; guestseal status; poweroff")
        box.wait()
    assert f"inet {CLONE}/24" in seen
    assert f"default via {ROUTER} dev eth0" in seen
    state = json.loads((tree / "var/lib/guestseal/state.json").read_text())
    assert set(state["steps"]["network"]["memory"]) > {"platform"}
    if (tree / interfaces.FILE[1:]).exists():
        assert f"nameserver {ROUTER}\n" in seen
        left = "# ours\n# guestseal: iface eth0 inet dhcp\n"
        assert left in (tree / "etc/network/interfaces").read_text()
    with network() as (lab, namespace), Container(tree, namespace=namespace) as box:
        box.expect("web1 login: ")
        assert f"inet {CLONE}/24" in _ssh(lab, key, "ip -4 -o address show eth0; poweroff")
        box.wait()


@pytest.fixture
def tools(tmp_path: Path) -> Iterator[Path]:
    """A tree with every tool that Debian has, and our files for it."""
    with view(base(packages=TOOLS), tmp_path / "view") as tree:
        (tree / "etc/netplan").mkdir(exist_ok=True)
        (tree / "etc/netplan/50-template.yaml").write_text("network: {version: 2, ethernets: {eth0: {dhcp4: true}}}\n")
        (tree / "etc/netplan/50-template.yaml").chmod(0o600)
        yield tree


def _render(tree: Path, renderer: Renderer) -> dict[str, str]:
    with Tree(str(tree)) as guest:
        files = dict(renderer.files(guest, EVERYTHING, NAMES))
    for path, text in files.items():
        place = Path(f"{tree}{path}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(renderer.mode)
    return files


def test_netplan_takes_our_file_and_its_definitions_come_first(tools: Path) -> None:
    _render(tools, netplan.RENDERER)
    said = run("chroot", tools, "netplan", "generate")
    assert said.stdout + said.stderr == ""
    made = sorted(path.name for path in (tools / "run/systemd/network").glob("*.network"))
    mac = MAC.replace(":", "")
    ours = [f"10-netplan-00guestseal-{mac}.network", "10-netplan-00guestseal-eth1.network"]
    assert made == [*ours, "10-netplan-eth0.network"]
    text = (tools / "run/systemd/network" / ours[0]).read_text()
    for line in (
        "Address=10.77.0.11/24",
        "Gateway=10.77.0.1",
        "GatewayOnLink=true",
        "DNS=2001:db8::53",
        "MTUBytes=1450",
    ):
        assert f"{line}\n" in text


def test_ifupdown_takes_our_file(tools: Path) -> None:
    _render(tools, interfaces.RENDERER)
    assert run("chroot", tools, "ifquery", "--list", "--all").stdout.split() == ["lo", "eth0", "eth1"]
    done = run("chroot", tools, "ifup", "--no-act", "--verbose", "eth0")
    said = " ".join((done.stdout + done.stderr).split())
    for command in (
        "ip addr add 10.77.0.11/255.255.255.0 broadcast 10.77.0.255 dev eth0",
        "ip link set dev eth0 mtu 1450 up",
        "ip route add default via 10.77.0.1 dev eth0 onlink",
        "ip route replace 10.81.0.0/16 via 10.99.0.1 dev eth0 onlink",
        "ip addr add 10.78.0.11/255.255.255.255",
        "ip -6 addr add 2001:db8::b/64 dev eth0",
        "ip -6 route replace default via fe80::1 dev eth0 onlink",
    ):
        assert command in said


def test_networkmanager_takes_our_profiles(tools: Path) -> None:
    for path, text in _render(tools, networkmanager.RENDERER).items():
        name = path.rpartition("/")[2]
        # With nothing to modify, nmcli reads the profile, checks it, and writes it in its own way.
        said = run("chroot", tools, "nmcli", "--offline", "connection", "modify", input=text)
        assert said.stderr == "", name
        assert "autoconnect-priority=100" in said.stdout
    assert (
        "address1=10.77.0.11/24,10.77.0.1\n"
        in run("chroot", tools, "nmcli", "--offline", "connection", "modify", input=_first(tools)).stdout
    )


def _first(tree: Path) -> str:
    return (tree / f"etc/NetworkManager/system-connections/guestseal-{MAC.replace(':', '')}.nmconnection").read_text()


def _ssh(lab: str, key: Path, command: str) -> str:
    """Try until the clone answers; its sshd may still be starting."""
    end = time.monotonic() + 30
    while True:
        done = ssh(lab, key, command)
        if done.returncode != 255 or done.stdout or time.monotonic() > end:
            assert done.stdout, f"{done.returncode}: {done.stderr}"
            return done.stdout
        time.sleep(0.5)
