"""What DHCP clients are told to say."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

SUSE_DHCP = "/etc/sysconfig/network/dhcp"
BEFORE = '## Type: string\nDHCLIENT_CLIENT_ID="golden"\nDHCLIENT_HOSTNAME_OPTION="golden"\nDHCLIENT_UPDATE="yes"\n'
AFTER = '## Type: string\nDHCLIENT_CLIENT_ID=""\nDHCLIENT_HOSTNAME_OPTION="AUTO"\nDHCLIENT_UPDATE="yes"\n'
OWN = "/etc/dhcp/dhclient-eth0.conf"

CASES = (
    Case("SUSE", SUSE, {SUSE_DHCP: File(BEFORE)}, {SUSE_DHCP: File(AFTER)}),
    Case("SUSE as it is shipped", SUSE, {SUSE_DHCP: File(AFTER)}),
    Case(
        "dhclient",
        DEBIAN,
        {
            "/etc/dhcp/dhclient.conf": File("#send host-name = gethostname();\nsend host-name = gethostname();\n"),
            OWN: File('send host-name "golden";\n'),
            "/etc/dhcp3/dhclient.conf": File('send host-name "<hostname>";\n'),
        },
        found=(OWN,),
    ),
    Case(
        "RHEL",
        REDHAT,
        {"/etc/dhclient-eth0.conf": File("send dhcp-client-identifier 00:11:22;\n")},
        found=("/etc/dhclient-eth0.conf",),
    ),
    Case(
        "dhcpcd",
        ALPINE,
        {"/etc/dhcpcd.conf": File("hostname golden\nclientid\n")},
        found=("/etc/dhcpcd.conf",),
        alone=True,
    ),
    Case("dhcpcd as it is shipped", ALPINE, {"/etc/dhcpcd.conf": File("#clientid\nhostname\nduid\n")}, alone=True),
)
