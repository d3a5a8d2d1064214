"""What NetworkManager's profiles lose, and what they keep."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File, Link

PROFILES = "/etc/NetworkManager/system-connections"
BRIDGE_UUID = "0b7d9d0a-8a5f-4b43-8f3c-2a8d4f0f7b11"


def profile(text: str) -> File:
    return File(text, 0o600)


ANACONDA = """\
# made by the installer
[connection]
id=ens3
uuid=5fb06bd0-0bb0-7ffb-45f1-d6edd65f3e03
type=ethernet
autoconnect-priority=-999
interface-name=ens3
timestamp=1700000000

[ethernet]
mac-address=52:54:00:12:34:56
mtu=1450

[ipv4]
method=auto
dns-search=

[ipv6]
addr-gen-mode=eui64
method=auto
"""
CLEAN = """\
# made by the installer
[connection]
id=ens3
type=ethernet
autoconnect-priority=-999
interface-name=ens3

[ethernet]
mtu=1450

[ipv4]
method=auto
dns-search=

[ipv6]
addr-gen-mode=eui64
method=auto
"""
KEYWORDS = """\
[connection]
id=lan
type=ethernet

[ethernet]
cloned-mac-address=permanent

[ipv4]
dhcp-client-id=mac
method=auto

[ipv6]
dhcp-duid=stable-uuid
"""
SPOKEN = """\
[connection]
id=lan
type=802-3-ethernet
permissions=user:kim:;

[802-3-ethernet]
cloned-mac-address=52:54:00:12:34:56

[ipv4]
dhcp-client-id=ff:01
dhcp-hostname=golden
method=auto

[ipv6]
dhcp-duid=00:01
"""
SILENT = """\
[connection]
id=lan
type=802-3-ethernet

[802-3-ethernet]

[ipv4]
method=auto

[ipv6]
"""
STATIC = """\
[connection]
id=static
type=ethernet

[ethernet]
mac-address=52:54:00:12:34:56

[ipv4]
address1=192.0.2.10/24,192.0.2.1
method=manual
"""
PORT = f"""\
[connection]
id=port
type=ethernet
master={BRIDGE_UUID}
slave-type=bridge

[ethernet]
mac-address=52:54:00:12:34:57
"""
BRIDGE = f"""\
[connection]
id=br0
uuid={BRIDGE_UUID}
type=bridge
interface-name=br0

[ipv4]
method=auto
"""
WIFI = """\
[connection]
id=office
type=wifi
permissions=user:kim:;

[wifi]
mac-address=A0:B1:C2:D3:E4:F5
seen-bssids=00:11:22:33:44:55;
ssid=office

[wifi-security]
psk=correct horse
"""
WIFI_CLEAN = """\
[connection]
id=office
type=wifi
permissions=user:kim:;

[wifi]
ssid=office

[wifi-security]
psk=correct horse
"""
ENX = "[connection]\nid=usb\ntype=ethernet\ninterface-name=enx525400123456\n"
BY_CLOUD_INIT: dict[str, Entry] = {
    "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
    "/usr/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
    "/etc/cloud/cloud.cfg.d/05_logging.cfg": File("_log: []\n"),
    f"{PROFILES}/cloud-init-eth0.nmconnection": profile(ANACONDA),
}

CASES = (
    Case(
        "what an installer writes",
        REDHAT,
        {f"{PROFILES}/ens3.nmconnection": profile(ANACONDA)},
        {f"{PROFILES}/ens3.nmconnection": profile(CLEAN)},
    ),
    Case(
        "line ends and a name without an ending",
        DEBIAN,
        {f"{PROFILES}/Wired": profile(ANACONDA.replace("\n", "\r\n"))},
        {f"{PROFILES}/Wired": profile(CLEAN.replace("\n", "\r\n"))},
    ),
    Case("NetworkManager's own keywords", SUSE, {f"{PROFILES}/lan.nmconnection": profile(KEYWORDS)}),
    Case(
        "what is set to values of this machine",
        SUSE,
        {f"{PROFILES}/own.nmconnection": profile(SPOKEN)},
        {f"{PROFILES}/own.nmconnection": profile(SILENT)},
    ),
    Case(
        "a fixed address stays with its card",
        ALPINE,
        {f"{PROFILES}/static.nmconnection": profile(STATIC)},
        found=(f"{PROFILES}/static.nmconnection",),
    ),
    Case(
        "a port is told by its card, and its bridge by its UUID",
        REDHAT,
        {f"{PROFILES}/port.nmconnection": profile(PORT), f"{PROFILES}/br0.nmconnection": profile(BRIDGE)},
        found=(f"{PROFILES}/port.nmconnection",),
    ),
    Case(
        "the UUID of a bridge that nothing names",
        REDHAT,
        {f"{PROFILES}/bridge.nmconnection": profile(BRIDGE)},
        {f"{PROFILES}/bridge.nmconnection": profile(BRIDGE.replace(f"uuid={BRIDGE_UUID}\n", ""))},
        alone=True,  # the profile of a port would name it
    ),
    Case(
        "Wi-Fi keeps its password, and who may use it",
        DEBIAN,
        {f"{PROFILES}/office.nmconnection": profile(WIFI)},
        {f"{PROFILES}/office.nmconnection": profile(WIFI_CLEAN)},
    ),
    Case(
        "a name made of a MAC address",
        DEBIAN,
        {f"{PROFILES}/usb.nmconnection": profile(ENX)},
        found=(f"{PROFILES}/usb.nmconnection",),
    ),
    Case(
        "a link is somebody else's file",
        ALPINE,
        {f"{PROFILES}/away": Link("/srv/profile"), "/srv/profile": profile(ANACONDA)},
    ),
    Case("cloud-init's own, which it writes anew", REDHAT, BY_CLOUD_INIT, alone=True),  # cloud-init-network has it
)
