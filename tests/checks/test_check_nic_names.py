"""Does the configuration of the network name a card as only this hardware has it?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.machine import FakeNetwork, interface, machine
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, UBUNTU
from support.trees import File, Link, Tree

UNITS = "/usr/lib/systemd/system"
NETWORKD = "/etc/systemd/network/10-lan.network"
PROFILE = "/etc/NetworkManager/system-connections/ens3.nmconnection"
KEYFILE = "[connection]\nid=lan\ntype=ethernet\n{}\n[ipv4]\nmethod=auto\n"
PLACE, ORDER = "after its place", "keeps the kernel's names"
CONFIG = "/etc/network/interfaces"
GRUB = "/boot/grub/grub.cfg"


def unit(name: str) -> Tree:
    path = f"{UNITS}/{name}"
    return {**SYSTEMD, path: File("[Service]\n"), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


def networkd(name: str) -> Tree:
    return {**unit("systemd-networkd.service"), NETWORKD: File(networkd_file(name))}


def networkd_file(name: str) -> str:
    return f"[Match]\nName={name}\n\n[Network]\nDHCP=yes\n"


def manager(line: str) -> Tree:
    auto = "/usr/lib/NetworkManager/conf.d/00-server.conf"
    conf = {auto: File("[main]\nno-auto-default=*\n")}
    return {**unit("NetworkManager.service"), **conf, PROFILE: File(KEYFILE.format(line), 0o600)}


def interfaces(name: str) -> Tree:
    return {**unit("networking.service"), CONFIG: File(ifupdown_file(name))}


def ifupdown_file(name: str) -> str:
    return f"auto {name}\niface {name} inet dhcp\n"


def booted(*command_lines: str) -> Tree:
    return {GRUB: File("".join(f"linux /vmlinuz root=UUID=1 {line}\n" for line in command_lines))}


CASES = (
    CheckCase("a pattern", DEBIAN, networkd("en* eth*")),
    CheckCase("any card", REDHAT, manager("")),
    CheckCase(
        "eth0 with the kernel's names",
        DEBIAN,
        {**interfaces("eth0"), **booted("net.ifnames=0 ro", "single net.ifnames=0")},
    ),
    CheckCase(
        "eth0 without the rules that rename",
        DEBIAN,
        {**interfaces("eth0"), **booted("ro"), "/etc/systemd/network/99-default.link": Link("/dev/null")},
    ),
    CheckCase("eth0 and no boot entry known", DEBIAN, interfaces("eth0")),
    CheckCase(
        "eth0 that the machine has",
        DEBIAN,
        {**interfaces("eth0"), **booted("ro")},
        machine=lambda: machine(network=FakeNetwork([interface("10.0.0.1", name="eth0")])),
    ),
    CheckCase(
        "eth0 on Alpine", ALPINE, {"/etc/runlevels/boot/networking": File(), CONFIG: File(ifupdown_file("eth0"))}
    ),
    CheckCase(
        "a name that a link file gives",
        DEBIAN,
        {
            **interfaces("ens3"),
            "/etc/systemd/network/10-lan.link": File("[Match]\nDriver=virtio_net\n[Link]\nName=ens3\n"),
        },
    ),
    CheckCase(
        "a name that a rule gives",
        DEBIAN,
        {**interfaces("ens3"), "/etc/udev/rules.d/70-own.rules": File('DRIVERS=="virtio_net", NAME="ens3"\n')},
    ),
    CheckCase(
        "a name that one MAC address gets",
        DEBIAN,
        {
            **interfaces("lan0"),
            "/etc/systemd/network/10-lan.link": File("[Match]\nMACAddress=52:54:00:aa:bb:cc\n[Link]\nName=lan0\n"),
        },
        ("lan0, which only a MAC address gets",),
        fails=False,
        mended={"/etc/systemd/network/10-lan.link": None},
    ),
    CheckCase(
        "a name that a rule gives to one MAC address",
        SUSE,
        {
            **interfaces("eth0"),
            "/etc/udev/rules.d/70-persistent-net.rules": File(
                '# NAME="eth0"\nSUBSYSTEM=="net", ATTR{address}=="52:54:00:aa:bb:cc", NAME="eth0"\n'
            ),
        },
        ("eth0, which only a MAC address gets",),
        fails=False,
        mended={"/etc/udev/rules.d/70-persistent-net.rules": Link("/dev/null")},
    ),
    CheckCase(
        "a second file serves any",
        DEBIAN,
        {**networkd("ens3"), "/etc/systemd/network/90-any.network": File(networkd_file("e*"))},
    ),
    CheckCase(
        "networkd by the slot",
        DEBIAN,
        networkd("ens3"),
        (f"names the card ens3, {PLACE}",),
        fails=False,
        mended={NETWORKD: File(networkd_file("e*"))},
    ),
    CheckCase(
        "a profile by the slot",
        REDHAT,
        manager("interface-name=enp1s0\n"),
        (f"enp1s0, {PLACE}",),
        fails=False,
        mended={PROFILE: File(KEYFILE.format(""), 0o600)},
    ),
    CheckCase(
        "ifupdown by the slot",
        DEBIAN,
        interfaces("ens3"),
        (f"iface ens3, names the card ens3, {PLACE}",),
        fails=False,
        mended={CONFIG: File(ifupdown_file("eth0"))},
    ),
    CheckCase(
        "eth0 that would be renamed",
        DEBIAN,
        {**interfaces("eth0"), **booted("ro quiet")},
        (f"eth0, and no boot entry {ORDER}",),
        fails=False,
        mended=booted("ro net.ifnames=0"),
    ),
    CheckCase(
        "one entry would rename it",
        DEBIAN,
        {**interfaces("eth0"), **booted("net.ifnames=0", "single")},
        (ORDER,),
        fails=False,
        mended=booted("net.ifnames=0"),
    ),
    CheckCase(
        "netplan by the slot",
        UBUNTU,
        {
            **SYSTEMD,
            "/usr/sbin/netplan": File(),
            "/etc/netplan/01.yaml": File("network:\n  ethernets:\n    ens3:\n      dhcp4: true\n"),
        },
        (PLACE,),
        fails=False,
        mended={
            "/etc/netplan/01.yaml": File(
                "network:\n  ethernets:\n    lan:\n      match:\n        name: e*\n      dhcp4: true\n"
            )
        },
    ),
    CheckCase(
        "wicked by the slot",
        SUSE,
        {**unit("wicked.service"), "/etc/sysconfig/network/ifcfg-ens3": File("BOOTPROTO='dhcp'\n")},
        (PLACE,),
        fails=False,
        mended={
            "/etc/sysconfig/network/ifcfg-ens3": None,
            "/etc/sysconfig/network/ifcfg-eth0": File("BOOTPROTO='dhcp'\n"),
        },
    ),
    CheckCase("no card is served", DEBIAN, interfaces("lo"), skipped="see network"),
    CheckCase("no card is configured", DEBIAN, {}, skipped="no program"),
)
