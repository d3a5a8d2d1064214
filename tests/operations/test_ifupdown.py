"""What /etc/network/interfaces loses, and what it keeps."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, Case
from support.trees import Entry, File

ONLY = (DEBIAN, ALPINE)

MAIN = "/etc/network/interfaces"
PARTS = f"{MAIN}.d"

DHCP = """\
# the card
auto lo
iface lo inet loopback
    address 127.0.0.1

allow-hotplug ens3
iface ens3 inet dhcp
    hwaddress ether 52:54:00:12:34:56
    hostname golden
    client golden
    metric 100
# hwaddress 52:54:00:12:34:56
source /etc/network/interfaces.d/*
"""
CLEAN = """\
# the card
auto lo
iface lo inet loopback
    address 127.0.0.1

allow-hotplug ens3
iface ens3 inet dhcp
    metric 100
# hwaddress 52:54:00:12:34:56
source /etc/network/interfaces.d/*
"""
STATIC = "auto ens4\niface ens4 inet static\n    address 192.0.2.10/24\n    gateway 192.0.2.1\n"
BY_COMMAND = "iface ens5 inet manual\n    up ip -4 addr \\\n      add 192.0.2.11/24 dev ens5\n"
BY_MAC = "rename mac/52:54:00:12:34:56=lan0\nauto lan0\niface lan0 inet dhcp\n"
NG = "auto eth7\niface eth7\n    use dhcp\n    hostname golden\n"
PLAIN = "auto eth8\niface eth8 inet dhcp\n    hostname localhost\n    hwaddress random\n"
CLOUD_INIT: dict[str, Entry] = {
    "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
    "/usr/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
    "/etc/cloud/cloud.cfg.d/05_logging.cfg": File("_log: []\n"),
    f"{PARTS}/50-cloud-init": File(STATIC),
}

CASES = (
    Case("DHCP", DEBIAN, {MAIN: File(DHCP)}, {MAIN: File(CLEAN)}),
    Case("a fixed address", DEBIAN, {f"{PARTS}/ens4": File(STATIC)}, found=(f"{PARTS}/ens4",)),
    Case("a fixed address by command", DEBIAN, {f"{PARTS}/ens5": File(BY_COMMAND)}, found=(f"{PARTS}/ens5",)),
    Case("a name for one card", ALPINE, {f"{PARTS}/lan0": File(BY_MAC)}, found=(f"{PARTS}/lan0",)),
    Case(
        "ifupdown-ng",
        ALPINE,
        {f"{PARTS}/eth7": File(NG)},
        {f"{PARTS}/eth7": File("auto eth7\niface eth7\n    use dhcp\n")},
    ),
    Case("nothing of this machine", ALPINE, {f"{PARTS}/eth8": File(PLAIN)}),
    Case("cloud-init's own, which it writes anew", DEBIAN, CLOUD_INIT, alone=True),  # cloud-init-network has it
)
