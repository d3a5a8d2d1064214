"""What DHCP clients keep, and what lies beside it."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link

LEASE = File('lease {\n  interface "eth0";\n  fixed-address 10.1.1.99;\n}\n')
SECRET = File(b"nm-v2:1\x00\xff", 0o600)
NM = "/var/lib/NetworkManager"
NM_KEPT = {
    f"{NM}/NetworkManager.state": File("[main]\nNetworkingEnabled=true\n"),
    f"{NM}/NetworkManager-intern.conf": File("[global-dns]\n"),
}

CASES = (
    Case(
        "dhclient of Debian beside a DHCP server",
        DEBIAN,
        {
            "/var/lib/dhcp/dhclient.leases": LEASE,
            "/var/lib/dhcp/dhclient.eth0.leases": LEASE,
            "/var/lib/dhcp/dhclient6.eth0.leases": LEASE,
            "/var/lib/dhcp/dhcpd.leases": LEASE,
            "/etc/dhcp/dhclient.conf": File("request subnet-mask;\n"),
            "/etc/dhcp/dhclient_duid": File("default-duid"),
            "/var/lib/dhcp3/dhclient.eth0.leases": LEASE,
        },
        {
            "/var/lib/dhcp/dhcpd.leases": LEASE,
            "/etc/dhcp/dhclient.conf": File("request subnet-mask;\n"),
            "/var/lib/dhcp3": Dir(),
        },
    ),
    Case(
        "dhclient of RHEL keeps its directory",
        REDHAT,
        {
            "/var/lib/dhclient": Dir(0o700, (177, 177)),
            "/var/lib/dhclient/dhclient--eth0.lease": LEASE,
            "/var/lib/dhclient/dhclient6-eth0.leases": LEASE,
        },
        {"/var/lib/dhclient": Dir(0o700, (177, 177))},
    ),
    Case(
        "NetworkManager",
        REDHAT,
        {
            **NM_KEPT,
            f"{NM}/secret_key": SECRET,
            f"{NM}/internal-5fb06bd0-eth0.lease": LEASE,
            f"{NM}/dhclient-5fb06bd0-eth0.lease": LEASE,
            f"{NM}/dhclient-eth0.conf": File('send host-name "template";\n'),
            f"{NM}/timestamps": File("[timestamps]\n5fb06bd0=1700000000\n"),
            f"{NM}/seen-bssids": File("[seen-bssids]\n"),
            f"{NM}/no-auto-default.state": File("52:54:00:12:34:56\n"),
        },
        NM_KEPT,
    ),
    Case(
        "systemd-networkd keeps its directory",
        DEBIAN,
        {
            "/var/lib/systemd/network": Dir(0o755, (998, 998)),
            "/var/lib/systemd/network/eth0.lease": LEASE,
            "/etc/systemd/network/10-eth0.network": File("[Match]\nName=eth0\n"),
        },
        {
            "/var/lib/systemd/network": Dir(0o755, (998, 998)),
            "/etc/systemd/network/10-eth0.network": File("[Match]\nName=eth0\n"),
        },
    ),
    Case(
        "wicked",
        SUSE,
        {
            "/var/lib/wicked/duid.xml": File("<duid/>"),
            "/var/lib/wicked/iaid.xml": File("<iaid/>"),
            "/var/lib/wicked/lease-eth0-dhcp-ipv4.xml": File("<lease/>"),
            "/etc/wicked/common.xml": File("<config/>"),
        },
        {"/var/lib/wicked": Dir(), "/etc/wicked/common.xml": File("<config/>")},
    ),
    Case(
        "dhcpcd and udhcpc of Alpine",
        ALPINE,
        {
            "/etc/dhcpcd.conf": File("duid\n"),
            "/etc/dhcpcd.duid": File("00:01"),
            "/etc/dhcpcd.secret": SECRET,
            "/var/db/dhcpcd/duid": File("00:01"),
            "/var/db/dhcpcd/secret": SECRET,
            "/var/db/dhcpcd/eth0.lease": LEASE,
            "/var/db/dhcpcd/rdm_monotonic": File("1"),
            "/var/lib/udhcpc/eth0": File("10.1.1.99"),
        },
        {"/etc/dhcpcd.conf": File("duid\n"), "/var/db/dhcpcd": Dir(), "/var/lib/udhcpc": Dir()},
    ),
    Case(
        "dhcpcd of Arch and Debian",
        ARCH,
        {
            "/var/lib/dhcpcd": Dir(0o750, (105, 105)),
            "/var/lib/dhcpcd/duid": File("00:01"),
            "/var/lib/dhcpcd/secret": SECRET,
            "/var/lib/dhcpcd/rdm_monotonic": File("1"),
            "/var/lib/dhcpcd/eth0.lease6": LEASE,
            "/var/lib/dhcpcd5/dhcpcd-eth0.lease": LEASE,
        },
        {"/var/lib/dhcpcd": Dir(0o750, (105, 105)), "/var/lib/dhcpcd5": Dir()},
    ),
    Case(
        "clients for IPv6 only, beside dibbler's server",
        DEBIAN,
        {
            "/var/lib/dhcpv6/dhcp6c_duid": File(b"\x0e\x00"),
            "/var/lib/dibbler/client-duid": File("00:01"),
            "/var/lib/dibbler/client-AddrMgr.xml": File("<x/>"),
            "/var/lib/dibbler/server-duid": File("00:01"),
        },
        {"/var/lib/dhcpv6": Dir(), "/var/lib/dibbler/server-duid": File("00:01")},
    ),
    Case(
        "only the link goes, not what it leads to",
        SUSE,
        {
            "/var/lib/dhcp/dhclient.leases": Link("../../../srv/leases"),
            "/srv/leases": LEASE,
            "/var/lib/dhcp6/dhclient6.leases": LEASE,
        },
        {"/var/lib/dhcp": Dir(), "/srv/leases": LEASE, "/var/lib/dhcp6": Dir()},
    ),
    Case("clients that have not run", ALPINE, {"/var/lib/dhcp": Dir(), "/var/lib/dhcpcd": Dir(), NM: Dir(0o700)}),
)
