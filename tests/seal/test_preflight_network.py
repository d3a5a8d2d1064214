"""Does some configuration serve the network card of a clone, which has another MAC address?"""

from __future__ import annotations

from pathlib import Path

import pytest
from support.trees import File, Link, Tree, build

from guestseal.guest import tree as guest_tree
from guestseal.guest.facts import Guest
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, preflights

UNITS = "/lib/systemd/system"
MAC = "52:54:00:aa:bb:cc"
NETPLAN_MAC = f"[Match]\nPermanentMACAddress={MAC}\nType=!vlan bond bridge\n\n[Network]\nDHCP=ipv4\n"
NETPLAN_ANY = "[Match]\nName=e*\n\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=ipv6\n"
KEYFILE = "[connection]\nid=lan\ntype=ethernet\n\n[ipv4]\nmethod=auto\n"
NO_AUTO = {"/usr/lib/NetworkManager/conf.d/00-server.conf": File("[main]\nno-auto-default=*\n")}
PROFILE = "/etc/NetworkManager/system-connections/lan.nmconnection"
CLOUD_INIT: Tree = {"/usr/bin/cloud-init": File(), f"{UNITS}/cloud-init.target": File("[Unit]\n")}


def unit(name: str) -> Tree:
    path = f"{UNITS}/{name}"
    return {path: File("[Service]\n"), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


def network(text: str, path: str = "/etc/systemd/network/10-lan.network") -> Tree:
    return {**unit("systemd-networkd.service"), path: File(text)}


def interfaces(text: str, **more: str) -> Tree:
    lo = "source /etc/network/interfaces.d/*\nauto lo\niface lo inet loopback\n"
    others = {f"/etc/network/interfaces.d/{name}": File(content) for name, content in more.items()}
    return {**unit("networking.service"), "/etc/network/interfaces": File(lo + text), **others}


def manager(*files: tuple[str, str]) -> Tree:
    return {**unit("NetworkManager.service"), **{path: File(content, 0o600) for path, content in files}}


def suse(text: str) -> Tree:
    return {**unit("wicked.service"), "/etc/sysconfig/network/ifcfg-eth0": File(text)}


def look(root: Path, tree: Tree) -> list[Concern]:
    build(root, tree)
    with guest_tree.Tree(str(root)) as opened:
        return list(preflights()["network"].value.look(Guest(opened, live=True), Machine()))


SERVED = {
    "cannot tell": {},
    "networkd, any card": network("[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n"),
    "networkd, by type": network("[Match]\nType=ether\n[Network]\nDHCP=true\n"),
    "networkd, all but one": network("[Match]\nName=!wlan0\n[Network]\nDHCP=yes\n"),
    "networkd, a bridge's port": network("[Match]\nName=ens3\n[Network]\nBridge=br0\n"),
    "networkd, DHCP and an address": network("[Match]\nName=eth0\n[Network]\nDHCP=yes\nAddress=192.0.2.7/24\n"),
    "networkd, one of two": {
        **network(f"[Match]\nMACAddress={MAC}\n[Network]\nDHCP=yes\n"),
        "/usr/lib/systemd/network/89-any.network": File("[Match]\nName=e*\n[Network]\nDHCP=yes\n"),
    },
    "netplan for networkd": {"/run/systemd/network/10-netplan-all.network": File(NETPLAN_ANY)},
    "netplan for NetworkManager": {
        **manager(),
        **NO_AUTO,
        "/run/NetworkManager/system-connections/netplan-all.nmconnection": File(KEYFILE, 0o600),
    },
    "NetworkManager alone": manager(),
    "NetworkManager, a profile for another card": manager((PROFILE, KEYFILE + f"[ethernet]\nmac-address={MAC}\n")),
    "NetworkManager, no defaults but a profile": {**manager((PROFILE, KEYFILE)), **NO_AUTO},
    "NetworkManager, no defaults taken back": {
        **manager(("/etc/NetworkManager/conf.d/00-server.conf", "")),
        **NO_AUTO,
    },
    "NetworkManager does not care": manager(
        (
            "/usr/lib/NetworkManager/conf.d/10-globally-managed-devices.conf",
            "[keyfile]\nunmanaged-devices=*,except:type:wifi\n",
        )
    ),
    "ifcfg of RHEL": {
        **manager(("/etc/sysconfig/network-scripts/ifcfg-eth0", 'DEVICE="eth0"\nBOOTPROTO="dhcp"\nONBOOT="yes"\n')),
        **NO_AUTO,
    },
    "ifupdown": interfaces("allow-hotplug ens3\niface ens3 inet dhcp\n"),
    "ifupdown, in another file": interfaces("", eth0="auto eth0\niface eth0 inet dhcp\niface eth0 inet6 static\n"),
    "ifupdown, by a pattern": interfaces("auto /en*=any\niface any inet dhcp\n"),
    "ifupdown, a bridge": interfaces("iface eth0 inet manual\nauto br0\niface br0 inet dhcp\n  bridge_ports eth0\n"),
    "ifupdown of Debian's cloud images": {**interfaces(""), "/etc/network/cloud-ifupdown-helper": File()},
    "ifupdown-ng": {
        "/etc/runlevels/boot/networking": File(),
        "/etc/network/interfaces": File("auto eth0\niface eth0\n  use dhcp\n"),
    },
    "wicked": suse("BOOTPROTO='dhcp'\nSTARTMODE='auto'\n"),
    "dhcpcd": unit("dhcpcd.service"),
    "dhcpcd for one card": {"/etc/systemd/system/multi-user.target.wants/dhcpcd@eth0.service": Link("/x")},
    "cloud-init": {**CLOUD_INIT, **network(f"[Match]\nMACAddress={MAC}\n[Network]\nDHCP=yes\n")},
}

NOT_SERVED = {
    "networkd, one MAC": (
        network(f"[Match]\nMACAddress={MAC}\n[Network]\nDHCP=yes\n"),
        f"/etc/systemd/network/10-lan.network is for the card {MAC} alone",
    ),
    "networkd, an address": (
        network("[Match]\nName=ens3\n[Address]\nAddress=192.0.2.7/24\n"),
        "/etc/systemd/network/10-lan.network gives a fixed address",
    ),
    "networkd, only a wireless card": (
        network("[Match]\nType=wlan\n[Network]\nDHCP=yes\n"),
        "/etc/systemd/network has no file for an Ethernet card",
    ),
    "networkd, no match": (network("[Network]\nDHCP=yes\n"), "/etc/systemd/network has no file for an Ethernet card"),
    "networkd, the vendor's for containers": (
        network("[Match]\nKind=veth\nName=e*\n[Network]\nDHCP=yes\n", "/usr/lib/systemd/network/80-container.network"),
        "/etc/systemd/network has no file for an Ethernet card",
    ),
    "networkd, masked": (
        {
            **network("[Match]\nName=e*\n[Network]\nDHCP=yes\n", "/usr/lib/systemd/network/80-any.network"),
            "/etc/systemd/network/80-any.network": Link("/dev/null"),
        },
        "/etc/systemd/network has no file for an Ethernet card",
    ),
    "netplan, one MAC": (
        {"/run/systemd/network/10-netplan-eth0.network": File(NETPLAN_MAC), "/etc/netplan/50.yaml": File()},
        f"/run/systemd/network/10-netplan-eth0.network is for the card {MAC} alone",
    ),
    "NetworkManager, an address": (
        manager((PROFILE, KEYFILE.replace("auto", "manual") + "address1=192.0.2.7/24\n")),
        f"{PROFILE} gives a fixed address",
    ),
    "NetworkManager, one MAC and no defaults": (
        {**manager((PROFILE, KEYFILE + f"[802-3-ethernet]\nmac-address={MAC}\n")), **NO_AUTO},
        f"{PROFILE} is for the card {MAC} alone",
    ),
    "NetworkManager, no defaults": (
        {**manager((PROFILE, KEYFILE.replace("id=lan", "id=lan\nautoconnect=false"))), **NO_AUTO},
        "NetworkManager has no profile, and no-auto-default=* keeps it from making one",
    ),
    "ifcfg of RHEL, one MAC": (
        {
            **manager(("/etc/sysconfig/network-scripts/ifcfg-ens3", f"BOOTPROTO=dhcp\nHWADDR={MAC.upper()}\n")),
            **NO_AUTO,
        },
        f"ifcfg-ens3 is for the card {MAC} alone",
    ),
    "ifupdown, an address": (
        interfaces("auto eth0\niface eth0 inet static\n  address 192.0.2.7/24\niface eth0 inet6 auto\n"),
        "/etc/network/interfaces, iface eth0, gives a fixed address",
    ),
    "ifupdown, not started": (
        interfaces("iface eth0 inet dhcp\n"),
        "/etc/network/interfaces starts no network card",
    ),
    "ifupdown beside NetworkManager": (
        {**interfaces("auto eth0\niface eth0 inet static\n  address 192.0.2.7/24\n"), **manager()},
        "/etc/network/interfaces, iface eth0, gives a fixed address",
    ),
    "wicked, an address": (
        suse("BOOTPROTO='static'\nIPADDR='192.0.2.7/24'\nSTARTMODE='auto'\n"),
        "/etc/sysconfig/network/ifcfg-eth0 gives a fixed address",
    ),
    "wicked, not started": (
        suse("BOOTPROTO='dhcp'\nSTARTMODE='off'\n"),
        "/etc/sysconfig/network has no ifcfg file that starts a card",
    ),
    "cloud-init that leaves the network alone": (
        {
            **CLOUD_INIT,
            **network(f"[Match]\nMACAddress={MAC}\n[Network]\nDHCP=yes\n"),
            "/etc/cloud/cloud.cfg.d/99-off.cfg": File("network: {config: disabled}\n"),
        },
        f"10-lan.network is for the card {MAC} alone",
    ),
}


@pytest.mark.parametrize("tree", SERVED.values(), ids=SERVED)
def test_a_clones_card_is_served(tmp_path, tree):
    assert look(tmp_path, tree) == []


@pytest.mark.parametrize(("tree", "why"), NOT_SERVED.values(), ids=NOT_SERVED)
def test_a_clones_card_is_not_served(tmp_path, tree, why):
    (concern,) = look(tmp_path, tree)
    assert concern.what.startswith("a clone's network card would get no address of its own: ")
    assert why in concern.what
    assert "any Ethernet card" in concern.remedy
    assert "DHCP" in concern.remedy
    assert ("`netplan generate`" in concern.remedy) is ("/etc/netplan/50.yaml" in tree)
    assert concern.forcible


def test_an_interfaces_file_that_includes_itself_ends(tmp_path):
    (concern,) = look(tmp_path, interfaces("source interfaces\n"))
    assert "starts no network card" in concern.what
