"""A template master that was a clone with a fixed address."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

OURS = File("# Written by guestseal: what the platform says of this machine.\n")
MAIN = "/etc/network/interfaces"
BEFORE = """\
auto lo
iface lo inet loopback
# guestseal: iface eth0 inet dhcp
# guestseal:     metric 10
source /etc/network/interfaces.d/guestseal
"""
AFTER = """\
auto lo
iface lo inet loopback
iface eth0 inet dhcp
    metric 10
"""

CASES = (
    Case(
        "ifupdown",
        DEBIAN,
        {MAIN: File(BEFORE), f"{MAIN}.d/guestseal": OURS, f"{MAIN}.d/other": File("# guestseal: auto x\n")},
        {MAIN: File(AFTER), f"{MAIN}.d/other": File("auto x\n")},
        alone=True,  # ifupdown has cases of the file itself
    ),
    Case(
        "netplan",
        DEBIAN,
        {"/etc/netplan/99-guestseal.yaml": OURS, "/etc/netplan/99-other.yaml": File("network: {version: 2}\n")},
        {"/etc/netplan/99-other.yaml": File("network: {version: 2}\n")},
    ),
    Case(
        "NetworkManager",
        REDHAT,
        {"/etc/NetworkManager/system-connections/guestseal-525400123456.nmconnection": OURS},
        {"/etc/NetworkManager/system-connections": Dir()},
    ),
    Case(
        "systemd-networkd",
        SUSE,
        {"/etc/systemd/network/00-guestseal-525400123456.network": OURS},
        {"/etc/systemd/network": Dir()},
    ),
    Case("never personalised", ALPINE, {f"{MAIN}.d/eth9": File("# by hand\nauto eth9\n")}),
)
