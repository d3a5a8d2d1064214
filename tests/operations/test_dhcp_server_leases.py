"""Leases of servers, emptied when that is asked for."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

LEASES = File("lease 192.0.2.10 { hardware ethernet 52:54:00:12:34:56; }\n", 0o644, (106, 114))
EMPTY = File("", 0o644, (106, 114))

CASES = (
    Case(
        "dhcpd and dnsmasq",
        DEBIAN,
        {
            "/var/lib/dhcp/dhcpd.leases": LEASES,
            "/var/lib/dhcp/dhcpd.leases~": LEASES,
            "/var/lib/dhcp/dhcpd6.leases": EMPTY,
            "/var/lib/misc/dnsmasq.leases": LEASES,
            "/etc/dhcp/dhcpd.conf": File("subnet 192.0.2.0 netmask 255.255.255.0 {}\n"),
        },
        {
            "/var/lib/dhcp/dhcpd.leases": EMPTY,
            "/var/lib/dhcp/dhcpd6.leases": EMPTY,
            "/var/lib/misc": Dir(),
            "/etc/dhcp/dhcpd.conf": File("subnet 192.0.2.0 netmask 255.255.255.0 {}\n"),
        },
    ),
    Case(
        "RHEL and Kea",
        REDHAT,
        {
            "/var/lib/dhcpd/dhcpd.leases": LEASES,
            "/var/lib/dhcpd/dhcpd6.leases~": LEASES,
            "/var/lib/dnsmasq/dnsmasq.leases": LEASES,
            "/var/lib/kea/kea-leases4.csv": LEASES,
            "/var/lib/kea/kea-leases6.csv.2": LEASES,
            "/var/lib/kea/kea-dhcp6-serverid": LEASES,
        },
        {"/var/lib/dhcpd/dhcpd.leases": EMPTY, "/var/lib/dnsmasq": Dir(), "/var/lib/kea": Dir()},
    ),
    Case(
        "SUSE",
        SUSE,
        {"/var/lib/dhcp/db/dhcpd.leases": LEASES, "/var/lib/dhcp/db/dhcpd.leases~": LEASES},
        {"/var/lib/dhcp/db/dhcpd.leases": EMPTY},
    ),
    Case(
        "BusyBox, and what is no lease",
        ALPINE,
        {"/var/lib/misc/udhcpd.leases": LEASES, "/var/lib/misc/notes": LEASES},
        {"/var/lib/misc/udhcpd.leases": EMPTY, "/var/lib/misc/notes": LEASES},
    ),
)
