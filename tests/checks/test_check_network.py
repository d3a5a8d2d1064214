"""Does some configuration serve the network card of a clone?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File, Link, Tree

UNITS = "/usr/lib/systemd/system"
MAC = "52:54:00:aa:bb:cc"
NETWORKD = "/etc/systemd/network/10-lan.network"
DHCP = "[Match]\nName=e*\n\n[Network]\nDHCP=yes\n"
BOUND = f"[Match]\nMACAddress={MAC}\n\n[Network]\nDHCP=yes\n"
FIXED = "[Match]\nName=eth0\n\n[Network]\nAddress=192.0.2.7/24\n"
IFCFG = "/etc/sysconfig/network-scripts/ifcfg-ens3"
NO_AUTO = {"/usr/lib/NetworkManager/conf.d/00-server.conf": File("[main]\nno-auto-default=*\n")}
PROFILE = "/etc/NetworkManager/system-connections/lan.nmconnection"
KEYFILE = "[connection]\nid=lan\ntype=ethernet\n\n[ipv4]\nmethod=auto\n"
BOUND_KEYFILE = KEYFILE.replace("\n[ipv4]", f"\n[ethernet]\nmac-address={MAC}\n\n[ipv4]")
NETPLAN = {"/usr/sbin/netplan": File(mode=0o755)}
NETPLAN_DHCP = "network:\n  version: 2\n  ethernets:\n    lan:\n      match:\n        {}\n      dhcp4: true\n"
LO = "auto lo\niface lo inet loopback\n"


def unit(name: str) -> Tree:
    path = f"{UNITS}/{name}"
    return {path: File("[Service]\n"), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


def networkd(text: str, path: str = NETWORKD, **more: str) -> Tree:
    others = {f"/etc/systemd/network/{name}": File(content) for name, content in more.items()}
    return {**unit("systemd-networkd.service"), path: File(text), **others}


def hidden(text: str, shown: Tree) -> Tree:
    return {
        **shown,
        "/etc/systemd/network/.05-eth0.network": File(text),
        "/etc/systemd/network/05-eth0.network~": File(text),
    }


def manager(text: str, mode: int = 0o600) -> Tree:
    return {**unit("NetworkManager.service"), PROFILE: File(text, mode)}


def interfaces(text: str, **more: str) -> Tree:
    others = {f"/etc/network/interfaces.d/{name}": File(content) for name, content in more.items()}
    return {**unit("networking.service"), "/etc/network/interfaces": File(LO + text), **others}


def netplan(text: str) -> Tree:
    return {**NETPLAN, "/etc/netplan/50-lan.yaml": File(text, 0o600)}


def redhat(text: str) -> Tree:
    scripts = {"/etc/sysconfig/network-scripts/ifup-eth": File(mode=0o755)}
    return {**unit("network.service"), **scripts, IFCFG: File(text)}


SERVED = (
    CheckCase("networkd by a pattern", DEBIAN, networkd(DHCP)),
    CheckCase("a hidden copy with an address", DEBIAN, hidden(FIXED, networkd(DHCP))),
    CheckCase(
        "an address that never counts",
        DEBIAN,
        networkd(DHCP, "/etc/systemd/network/05-any.network", **{"10-eth0.network": FIXED}),
    ),
    CheckCase(
        "an address for a card that no clone has",
        DEBIAN,
        networkd(DHCP, **{"05-x.network": FIXED.replace("Name=eth0", f"MACAddress={MAC}")}),
    ),
    CheckCase("NetworkManager alone", REDHAT, unit("NetworkManager.service")),
    CheckCase(
        "NetworkManager beside an empty interfaces file", DEBIAN, {**interfaces(""), **unit("NetworkManager.service")}
    ),
    CheckCase(
        "a profile by name", REDHAT, {**manager(KEYFILE.replace("id=lan", "id=lan\ninterface-name=ens3")), **NO_AUTO}
    ),
    CheckCase("ifupdown", DEBIAN, interfaces("allow-hotplug ens3\niface ens3 inet dhcp\n")),
    CheckCase(
        "ifupdown on Alpine",
        ALPINE,
        {
            "/etc/runlevels/boot/networking": Link("/etc/init.d/networking"),
            "/etc/init.d/networking": File(),
            "/etc/network/interfaces": File(f"{LO}auto eth0\niface eth0 inet dhcp\n"),
        },
    ),
    CheckCase(
        "wicked",
        SUSE,
        {**unit("wicked.service"), "/etc/sysconfig/network/ifcfg-eth0": File("BOOTPROTO='dhcp'\nSTARTMODE='auto'\n")},
    ),
    CheckCase("network-scripts", REDHAT, redhat("DEVICE=ens3\nBOOTPROTO=dhcp\nONBOOT=yes\n")),
    CheckCase("netplan, not yet generated", UBUNTU, netplan(NETPLAN_DHCP.format('name: "en*"'))),
    CheckCase(
        "netplan, a later file asks",
        UBUNTU,
        {
            **netplan(NETPLAN_DHCP.format("name: en*")),
            "/etc/netplan/10-a.yaml": File("network:\n  ethernets:\n    lan:\n      addresses: [192.0.2.7/24]\n"),
        },
    ),
    CheckCase(
        "ifupdown with a SysV init",
        DEBIAN,
        {
            "/etc/rcS.d/S12networking": File(),
            "/etc/network/interfaces": File(f"{LO}auto eth0\niface eth0 inet dhcp\n"),
        },
    ),
    CheckCase("ConnMan", DEBIAN, unit("connman.service")),
)

NOT_SERVED = (
    CheckCase(
        "networkd for one card",
        DEBIAN,
        networkd(BOUND),
        (f"is for the card {MAC} alone",),
        mended={NETWORKD: File(DHCP)},
    ),
    CheckCase(
        "a hidden file serves nobody",
        DEBIAN,
        hidden(DHCP, networkd(FIXED)),
        ("fixed address",),
        mended={NETWORKD: File(DHCP)},
    ),
    CheckCase(
        "an address that comes first",
        DEBIAN,
        networkd(DHCP, **{"05-eth0.network": FIXED}),
        ("gives a fixed address",),
        fails=False,
        mended={"/etc/systemd/network/05-eth0.network": None},
    ),
    CheckCase(
        "a drop-in gives the address",
        DEBIAN,
        {**networkd("[Match]\nName=e*\n"), f"{NETWORKD}.d/a.conf": File("[Network]\nAddress=192.0.2.7/24\n")},
        ("fixed address",),
        mended={f"{NETWORKD}.d/a.conf": File("[Network]\nDHCP=yes\n")},
    ),
    CheckCase(
        "only unmanaged cards",
        DEBIAN,
        networkd(f"{DHCP}\n[Link]\nUnmanaged=yes\n"),
        ("no file for an Ethernet card",),
        fails=False,
        mended={NETWORKD: File(DHCP)},
    ),
    CheckCase(
        "a profile for one card",
        REDHAT,
        {**manager(BOUND_KEYFILE), **NO_AUTO},
        (f"is for the card {MAC} alone",),
        mended={PROFILE: File(KEYFILE.replace("\n[ipv4]", "\n[ethernet]\n\n[ipv4]"), 0o600)},
    ),
    CheckCase(
        "a profile that others can read",
        REDHAT,
        {**manager(KEYFILE, 0o644), **NO_AUTO},
        ("is not read",),
        mended={PROFILE: File(KEYFILE, 0o600)},
    ),
    CheckCase(
        "only an editor's copy of a profile",
        REDHAT,
        {**unit("NetworkManager.service"), **NO_AUTO, f"{PROFILE}~": File(KEYFILE, 0o600)},
        ("has no profile",),
        fails=False,
        mended={PROFILE: File(KEYFILE, 0o600)},
    ),
    CheckCase(
        "an ifcfg file for one card",
        REDHAT,
        redhat(f"DEVICE=ens3\nHWADDR={MAC}\nBOOTPROTO=dhcp\n"),
        (f"is for the card {MAC} alone",),
        mended={IFCFG: File("DEVICE=ens3\nBOOTPROTO=dhcp\n")},
    ),
    CheckCase(
        "netplan for one card",
        UBUNTU,
        netplan(NETPLAN_DHCP.format(f'macaddress: "{MAC}"')),
        (f"50-lan.yaml, lan, is for the card {MAC} alone",),
        mended={"/etc/netplan/50-lan.yaml": File(NETPLAN_DHCP.format('name: "e*"'), 0o600)},
    ),
    CheckCase(
        "netplan for one card, and NetworkManager without a profile of its own",
        UBUNTU,
        {**netplan(NETPLAN_DHCP.format(f"macaddress: {MAC}")), **unit("NetworkManager.service"), **NO_AUTO},
        ("has no profile", f"is for the card {MAC} alone"),
        mended={"/etc/netplan/50-lan.yaml": File(NETPLAN_DHCP.format('name: "e*"'), 0o600)},
    ),
    CheckCase(
        "two for one card each",
        DEBIAN,
        networkd(BOUND, **{"20-b.network": BOUND}),
        ("alone", "alone"),
        mended={"/etc/systemd/network/20-b.network": File(DHCP)},
    ),
    CheckCase(
        "nothing is started",
        DEBIAN,
        interfaces("iface eth0 inet dhcp\n"),
        ("starts no network card",),
        fails=False,
        mended={"/etc/network/interfaces": File(f"{LO}auto eth0\niface eth0 inet dhcp\n")},
    ),
    CheckCase(
        "a hidden file of ifupdown",
        DEBIAN,
        interfaces("source interfaces.d/*\n", **{".eth0": "auto eth0\niface eth0 inet dhcp\n"}),
        ("starts no network card",),
        fails=False,
        mended={"/etc/network/interfaces.d/eth0": File("auto eth0\niface eth0 inet dhcp\n")},
    ),
    CheckCase(
        "a name that ifupdown passes over",
        DEBIAN,
        interfaces("source-directory interfaces.d\n", **{"eth0.cfg": "auto eth0\niface eth0 inet dhcp\n"}),
        ("starts no network card",),
        fails=False,
        mended={"/etc/network/interfaces.d/eth0": File("auto eth0\niface eth0 inet dhcp\n")},
    ),
    CheckCase(
        "a fixed address on Alpine",
        ALPINE,
        {
            "/etc/runlevels/boot/networking": File(),
            "/etc/network/interfaces": File("auto eth0\niface eth0 inet static\n  address 192.0.2.7/24\n"),
        },
        ("iface eth0, gives a fixed address",),
        mended={"/etc/network/interfaces": File("auto eth0\niface eth0 inet dhcp\n")},
    ),
    CheckCase(
        "wicked starts nothing",
        SUSE,
        {**unit("wicked.service"), "/etc/sysconfig/network/ifcfg-eth0": File("STARTMODE='off'\n")},
        ("no ifcfg file that starts a card",),
        fails=False,
        mended={"/etc/sysconfig/network/ifcfg-eth0": File("BOOTPROTO='dhcp'\nSTARTMODE='auto'\n")},
    ),
)

CLOUD_INIT = {"/usr/bin/cloud-init": File(), f"{UNITS}/cloud-init.target": File("[Unit]\n")}

SKIPPED = (
    CheckCase("none is known", DEBIAN, {}, skipped="no program that is known"),
    CheckCase("cloud-init", UBUNTU, {**CLOUD_INIT, **networkd(BOUND)}, skipped="cloud-init writes"),
    CheckCase("tiny-cloud", ALPINE, {"/etc/runlevels/boot/tiny-cloud-boot": File()}, skipped="tiny-cloud writes"),
    CheckCase(
        "netplan in another style", UBUNTU, netplan("network: {ethernets: {lan: {dhcp4: true}}}\n"), skipped="style"
    ),
)

CASES = (*SERVED, *NOT_SERVED, *SKIPPED)
