"""Report passwords and keys in network configuration

A Wi-Fi, VPN or PPP password in a template is known to everybody who has a clone. They are looked
for where NetworkManager, netplan, ifupdown, ifcfg files, systemd-networkd, wpa_supplicant, iwd,
ConnMan and pppd keep them.

Nothing is changed: a template whose clones need the network has to have its password.
Remedy: remove the profile, or give each clone a password of its own.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

WHAT = "holds a password or key of a network"
REMEDY = "remove it unless clones need it"

_KEYFILE = (
    rb"^[ \t]*(?:psk|pin|secret|wep-key\d|preshared-key|(?:[\w-]+-)?password|(?:[\w-]+-)?private-key"
    rb"|[\w ]+ (?:password|secret))[ \t]*=[ \t]*\S"
)
_NETPLAN = rb"^[ \t]*[\"']?(?:password|[\w-]+-password|key|private|shared|[\w-]+\.psk)[\"']?[ \t]*:[ \t]*[^\s#]"
_INTERFACES = rb"^[ \t]*(?:wpa-psk|wpa-passphrase|wpa-password|wpa-private-key-passwd|wireless-key\d?)[ \t]+\S"
_IFCFG = rb"^[ \t]*(?:KEY\d?|WIRELESS_(?:KEY_\d|WPA_PSK|WPA_PASSWORD)|WPA_PSK)=[\"']?[^\s\"']"
_SUPPLICANT = rb"^[ \t]*(?:psk|password|wep_key\d|sae_password|private_key_passwd)[ \t]*=[ \t]*\S"

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(("/etc/NetworkManager/system-connections/*",), WHAT, REMEDY, _KEYFILE),
        Sign(("/etc/netplan/*.yaml*",), WHAT, REMEDY, _NETPLAN),
        Sign(("/etc/network/interfaces", "/etc/network/interfaces.d/*"), WHAT, REMEDY, _INTERFACES),
        Sign(("/etc/sysconfig/network-scripts/keys-*",), WHAT, REMEDY),
        Sign(("/etc/sysconfig/network/ifcfg-*",), WHAT, REMEDY, _IFCFG),
        Sign(("/etc/systemd/network/*.netdev*",), WHAT, REMEDY, rb"^[ \t]*(?:PrivateKey|PresharedKey)[ \t]*=[ \t]*\S"),
        Sign(("/etc/wpa_supplicant/*.conf", "/etc/wpa_supplicant.conf"), WHAT, REMEDY, _SUPPLICANT),
        Sign(("/var/lib/iwd/*.psk", "/var/lib/iwd/*.8021x"), WHAT, REMEDY),
        Sign(
            ("/var/lib/connman/*/settings", "/var/lib/connman/*.config"), WHAT, REMEDY, rb"^Passphrase[ \t]*=[ \t]*\S"
        ),
        Sign(("/etc/ppp/chap-secrets", "/etc/ppp/pap-secrets"), WHAT, REMEDY, rb"^[ \t]*[^\s#]"),
    ),
)
