"""Empty the leases that a DHCP server gave

They are other machines' addresses: for the clone of a router they are wrong, and name the
template's network. Kea's server ID goes as well.

Not done unless asked for: a server that is replaced by its clone needs them. dhcpd's files are
truncated, because it does not start without them.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        *("/var/lib/dhcp/dhcpd*.leases~", "/var/lib/dhcpd/dhcpd*.leases~", "/var/lib/dhcp/db/dhcpd*.leases~"),
        *("/var/lib/misc/dnsmasq.leases", "/var/lib/dnsmasq/dnsmasq.leases"),
        *("/var/lib/kea/kea-leases[46].csv*", "/var/lib/kea/kea-dhcp6-serverid"),
    ),
    truncate=(
        *("/var/lib/dhcp/dhcpd*.leases", "/var/lib/dhcpd/dhcpd*.leases", "/var/lib/dhcp/db/dhcpd*.leases"),
        "/var/lib/misc/udhcpd.leases",
    ),
    default=False,
)
