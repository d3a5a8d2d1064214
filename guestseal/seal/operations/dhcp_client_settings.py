"""Take this machine's name and identity out of DHCP clients' settings

A DHCP client that is told a client identifier or a host name gives the same ones from every
clone. In SUSE's /etc/sysconfig/network/dhcp they become what the package ships: no identifier,
the host name AUTO.

Reported are those in dhclient.conf and dhcpcd.conf, which people write by hand and for a purpose.

Left on purpose: all other settings; `send host-name = gethostname()`; a bare `hostname` or `clientid` of
dhcpcd.conf(5), which mean the machine's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.signs import Sign, signs
from guestseal.guest.sysconfig import assigned, variables
from guestseal.guest.text_files import edits, texts
from guestseal.seal.operation import Kind, Operation

# sysconfig/dhcp of SUSE's package sysconfig-network.
SHIPPED = {
    "DHCLIENT_CLIENT_ID": "",
    "DHCLIENT6_CLIENT_ID": "",
    "DHCLIENT_HOSTNAME_OPTION": "AUTO",
    "DHCLIENT6_HOSTNAME_OPTION": "AUTO",
}
_WHAT, _REMEDY = "tells DHCP servers a name or identity of this machine", "remove it, or have the client make one"
_DHCLIENT = rb"^[ \t]*send[ \t]+(?:host-name|fqdn\.fqdn|dhcp-client-identifier)[ \t=]+(?:\"[^<\"\n]|[0-9A-Fa-f]{1,2}:)"


def _edits(guest: Guest) -> Iterator[Action]:
    for path, text in texts(guest.tree, "/etc/sysconfig/network/dhcp"):
        after = text
        for name, value in SHIPPED.items():
            if variables(text).get(name):
                after = assigned(after, name, value)
        yield from edits(path, text, after, "no name and no client identifier of this machine's")


OPERATION = Operation(
    kind=Kind.IDENTITY,
    also=_edits,
    findings=signs(
        Sign(
            ("/etc/dhcp/dhclient*.conf", "/etc/dhcp3/dhclient*.conf", "/etc/dhclient*.conf"), _WHAT, _REMEDY, _DHCLIENT
        ),
        Sign(("/etc/dhcpcd.conf",), _WHAT, _REMEDY, rb"^[ \t]*(?:clientid|hostname)[ \t]+[^\s#]"),
    ),
)
