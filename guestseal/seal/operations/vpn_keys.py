"""Report private keys of VPNs

A key that somebody put there makes every clone the same end of a tunnel: they take turns at
one address. It may be all that connects a clone, so it is reported and stays.

Looked for are WireGuard, OpenVPN, strongSwan, Libreswan, Nebula, tinc, NetBird and
Cloudflare's tunnels. Keys that a mesh VPN makes itself are removed: see tailscale-state
and zerotier-identity.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

WHAT, REMEDY = "holds a private key of a VPN", "remove it, or have each clone given its own"

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(("/etc/wireguard/*.conf",), WHAT, REMEDY, holds=rb"(?i)^\s*(PrivateKey|PresharedKey)\s*=[ \t]*\S"),
        Sign(
            ("/etc/openvpn/**",),
            WHAT,
            REMEDY,
            holds=rb"-----BEGIN ([A-Z]+ )*PRIVATE KEY-----|-----BEGIN OpenVPN Static key",
        ),
        Sign(("/etc/openvpn/**",), "holds a password", REMEDY, holds=rb"^<auth-user-pass>"),
        Sign(
            ("/etc/ipsec.secrets", "/etc/ipsec.d/*.secrets", "/etc/swanctl/swanctl.conf", "/etc/swanctl/conf.d/*"),
            "holds a shared secret or a password of a VPN",
            REMEDY,
            holds=rb"^[^#\n]*(:\s*(PSK|XAUTH|EAP|RSA|ECDSA|P12)\b|\bsecret\s*=[ \t]*\S)",
        ),
        Sign(
            (
                *("/etc/ipsec.d/private/*", "/etc/swanctl/private/*", "/etc/swanctl/rsa/*", "/etc/swanctl/ecdsa/*"),
                *("/var/lib/ipsec/nss/key4.db", "/etc/ipsec.d/key4.db", "/etc/nebula/*.key", "/etc/tinc/*/*_key.priv"),
                *("/etc/netbird/config.json", "/var/lib/netbird/*.json"),
                *("/etc/cloudflared/*.json", "{home}/.cloudflared/*.json", "{home}/.cloudflared/cert.pem"),
            ),
            WHAT,
            REMEDY,
        ),
    ),
)
