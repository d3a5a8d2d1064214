"""Remove DHCP leases and the identities DHCP clients made for themselves

A lease makes every clone ask for the template's address. A DUID, an IAID or the secret
of stable private addresses makes two clones one client: the server gives both the same
address. Clients make new ones when they are missing.

Cleared are dhclient, NetworkManager's own client, systemd-networkd, wicked, dhcpcd,
udhcpc, wide-dhcpv6 and dibbler, in the places Debian, the RHEL family, SUSE, Alpine and
Arch use. NetworkManager also loses when it last used which connection, the Wi-Fi stations
it has seen and the MAC addresses it was told not to configure by itself.

Left on purpose: the directories; a DHCP server's leases (dhcpd.leases); and
NetworkManager.state and NetworkManager-intern.conf, which hold settings. A DUID derived
from the machine-id changes with it: see machine-id.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

# What clients derive addresses and identifiers from: whoever has it can predict a clone's.
SECRETS = (
    "/etc/dhcpcd.secret",
    "/var/db/dhcpcd/secret",
    "/var/lib/dhcpcd/secret",
    "/var/lib/NetworkManager/secret_key",  # NetworkManager(8): stable ids, IAID, DUID
)


OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=(
        *("/var/lib/dhcp/dhclient*", "/var/lib/dhcp3/dhclient*", "/var/lib/dhcp6/dhclient*"),
        *("/var/lib/dhclient/*", "/etc/dhcp/dhclient_duid"),
        *("/var/lib/NetworkManager/*.lease", "/var/lib/NetworkManager/dhclient*.conf"),
        "/var/lib/NetworkManager/internal-*",
        *("/var/lib/NetworkManager/timestamps", "/var/lib/NetworkManager/seen-bssids"),
        "/var/lib/NetworkManager/no-auto-default.state",
        *("/var/lib/wicked/duid.xml", "/var/lib/wicked/iaid.xml", "/var/lib/wicked/lease-*.xml"),
        *("/etc/dhcpcd.duid", "/var/lib/dhcpcd/duid", "/var/lib/dhcpcd*/*.lease*", "/var/lib/dhcpcd/rdm_monotonic"),
        *("/var/db/dhcpcd/duid", "/var/db/dhcpcd/*.lease*", "/var/db/dhcpcd/rdm_monotonic"),
        *("/var/lib/dhcpv6/dhcp6c_duid", "/var/lib/dibbler/client-*"),
    ),
    empty=("/var/lib/systemd/network", "/var/lib/udhcpc"),
    secrets=SECRETS,
)
