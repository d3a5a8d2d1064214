"""What systemd-networkd's files lose, and what they keep."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File, Link

NETWORK = "/etc/systemd/network"
LAN = f"{NETWORK}/10-lan.network"

BY_MAC = """\
# the only card
[Match]
MACAddress=52:54:00:12:34:56

[Link]
MACAddress=52:54:00:aa:bb:cc
MTUBytes=1450

[Network]
DHCP=yes

[DHCPv4]
DUIDType=vendor
DUIDRawData=00:00:ab:11
Hostname=golden
"""
ANY = """\
# the only card
[Match]
Name=e*

[Link]
MTUBytes=1450

[Network]
DHCP=yes

[DHCPv4]
DUIDType=vendor
"""
NAMED_TOO = "[Match]\nName=ens3\nPermanentMACAddress=52:54:00:12:34:56 \\\n  52:54:00:12:34:57\n[Network]\nDHCP=ipv4\n"
NAMED = "[Match]\nName=ens3\n[Network]\nDHCP=ipv4\n"
STATIC = "[Match]\nMACAddress=52:54:00:12:34:56\n[Network]\nAddress=192.0.2.10/24\nGateway=192.0.2.1\n"
LINK = "[Match]\nMACAddress=52:54:00:12:34:56\n[Link]\nName=lan0\n"
BRIDGE = "[NetDev]\nName=br0\nKind=bridge\nMACAddress=52:54:00:12:34:56\n"
SERVER = "[Match]\nName=br0\n[Network]\nDHCPServer=yes\n[DHCPServerStaticLease]\nMACAddress=52:54:00:00:00:01\n"
PORT = "[Match]\nMACAddress=52:54:00:12:34:56\n[Network]\nBridge=br0\n"
CONF = "[Network]\nSpeedMeter=no\n[DHCPv6]\nDUIDRawData=00:01\n"
CLOUD_INIT: dict[str, Entry] = {
    "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
    "/usr/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
    "/etc/cloud/cloud.cfg.d/05_logging.cfg": File("_log: []\n"),
    f"{NETWORK}/10-cloud-init-eth0.network": File(BY_MAC),
}

# Which card a file is for depends on the other files: most cases stand alone.
CASES = (
    Case("the only card becomes any card", ARCH, {LAN: File(BY_MAC)}, {LAN: File(ANY)}, alone=True),
    Case(
        "a name is enough",
        DEBIAN,
        {f"{NETWORK}/20-ens3.network": File(NAMED_TOO)},
        {f"{NETWORK}/20-ens3.network": File(NAMED)},
    ),
    Case(
        "two cards",
        REDHAT,
        {
            LAN: File("[Match]\nMACAddress=52:54:00:12:34:56\n[Network]\nDHCP=yes\n"),
            f"{NETWORK}/11-wan.network": File(PORT),
        },
        found=(LAN, f"{NETWORK}/11-wan.network"),
        alone=True,
    ),
    Case(
        "a fixed address, and the copy that networkd does not read",
        DEBIAN,
        {f"{NETWORK}/05-eth0.network": File(STATIC), f"{NETWORK}/.05-eth0.network": File(STATIC)},
        found=(f"{NETWORK}/05-eth0.network", f"{NETWORK}/.05-eth0.network"),
        alone=True,
    ),
    Case(
        "a hidden copy does not count",
        SUSE,
        {LAN: File(BY_MAC), f"{NETWORK}/.05-eth0.network": File(STATIC)},
        {LAN: File(ANY), f"{NETWORK}/.05-eth0.network": File(STATIC)},
        found=(f"{NETWORK}/.05-eth0.network",),
        alone=True,
    ),
    Case("a name for one card", REDHAT, {f"{NETWORK}/10-lan.link": File(LINK)}, found=(f"{NETWORK}/10-lan.link",)),
    Case(
        "drop-ins and devices",
        SUSE,
        {
            f"{NETWORK}/25-br0.netdev": File(BRIDGE),
            f"{NETWORK}/25-br0.network": File(SERVER),
            f"{NETWORK}/30-x.network.d/mac.conf": File("[Link]\nMACAddress=52:54:00:aa:bb:cc\nMTUBytes=9000\n"),
            f"{NETWORK}/30-x.link.d/mac.conf": File("[Link]\nMACAddressPolicy=persistent\n"),
            f"{NETWORK}/30-x.netdev.d/mac.conf": File("[NetDev]\nMACAddress=none\n"),
            "/etc/systemd/networkd.conf": File(CONF),
            "/etc/systemd/networkd.conf.d/duid.conf": File("[DHCP]\nDUIDRawData=00:01\n"),
        },
        {
            f"{NETWORK}/25-br0.netdev": File("[NetDev]\nName=br0\nKind=bridge\n"),
            f"{NETWORK}/25-br0.network": File(SERVER),
            f"{NETWORK}/30-x.network.d/mac.conf": File("[Link]\nMTUBytes=9000\n"),
            f"{NETWORK}/30-x.link.d/mac.conf": File("[Link]\nMACAddressPolicy=persistent\n"),
            f"{NETWORK}/30-x.netdev.d/mac.conf": File("[NetDev]\nMACAddress=none\n"),
            "/etc/systemd/networkd.conf": File("[Network]\nSpeedMeter=no\n[DHCPv6]\n"),
            "/etc/systemd/networkd.conf.d/duid.conf": File("[DHCP]\n"),
        },
    ),
    Case("switched off by a link", ALPINE, {f"{NETWORK}/99-default.link": Link("/dev/null")}),
    Case(
        "an address of the loopback",
        ALPINE,
        {f"{NETWORK}/lo.network": File("[Match]\nName=lo\n[Network]\nAddress=192.0.2.1/32\n")},
    ),
    Case("cloud-init's own, which it writes anew", REDHAT, CLOUD_INIT, alone=True),  # cloud-init-network has it
)
