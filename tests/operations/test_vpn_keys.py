"""Keys of VPNs: reported, never touched."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link

KEY = File("-----BEGIN PRIVATE KEY-----\nMIIE\n", 0o600)
CERTIFICATE = File("-----BEGIN CERTIFICATE-----\n")

CASES = (
    Case(
        "WireGuard and OpenVPN",
        DEBIAN,
        {
            "/etc/wireguard/wg0.conf": File("[Interface]\nprivatekey = hunter2=\n", 0o600),
            "/etc/wireguard/wg1.conf": File("[Interface]\nPostUp = wg set %i private-key /x\n#PrivateKey =\n", 0o600),
            "/etc/openvpn/client/site.ovpn": File("client\n<key>\n-----BEGIN PRIVATE KEY-----\n</key>\n"),
            "/etc/openvpn/static.key": File("-----BEGIN OpenVPN Static key V1-----\n", 0o600),
            "/etc/openvpn/login.ovpn": File("client\n<auth-user-pass>\nkim\nhunter2\n</auth-user-pass>\n"),
            "/etc/openvpn/ca.crt": CERTIFICATE,
            "/etc/openvpn/update-resolv-conf": File("#!/bin/bash\n", 0o755),
        },
        found=(
            *("/etc/openvpn/client/site.ovpn", "/etc/openvpn/login.ovpn", "/etc/openvpn/static.key"),
            "/etc/wireguard/wg0.conf",
        ),
    ),
    Case(
        "strongSwan",
        SUSE,
        {
            "/etc/ipsec.secrets": File("# secrets\n10.0.0.1 : PSK 'hunter2'\n", 0o600),
            "/etc/ipsec.d/site.secrets": File(": RSA key.pem\n", 0o600),
            "/etc/ipsec.d/empty.secrets": File("include /var/lib/x\n"),
            "/etc/ipsec.d/private/key.pem": KEY,
            "/etc/swanctl/private/key.pem": KEY,
            "/etc/swanctl/rsa/key.pem": KEY,
            "/etc/swanctl/ecdsa/key.pem": KEY,
            "/etc/swanctl/swanctl.conf": File("secrets {\n  ike-1 {\n    secret = hunter2\n  }\n}\n"),
            "/etc/swanctl/conf.d/eap.conf": File("secrets { eap-1 { secret=hunter2 } }\n"),
            "/etc/swanctl/x509/cert.pem": CERTIFICATE,
        },
        found=(
            *("/etc/ipsec.d/private/key.pem", "/etc/ipsec.d/site.secrets", "/etc/ipsec.secrets"),
            *("/etc/swanctl/conf.d/eap.conf", "/etc/swanctl/ecdsa/key.pem", "/etc/swanctl/private/key.pem"),
            *("/etc/swanctl/rsa/key.pem", "/etc/swanctl/swanctl.conf"),
        ),
    ),
    Case(
        "Libreswan, Nebula and tinc",
        REDHAT,
        {
            "/var/lib/ipsec/nss/key4.db": File("SQLite"),
            "/etc/ipsec.d/key4.db": File("SQLite"),
            "/var/lib/ipsec/nss/cert9.db": File("SQLite"),
            "/etc/nebula/host.key": File("-----BEGIN NEBULA X25519 PRIVATE KEY-----\n", 0o600),
            "/etc/nebula/host.crt": CERTIFICATE,
            "/etc/tinc/site/rsa_key.priv": KEY,
            "/etc/tinc/site/tinc.conf": File("Name = template\n"),
        },
        found=(
            "/etc/ipsec.d/key4.db",
            "/etc/nebula/host.key",
            "/etc/tinc/site/rsa_key.priv",
            "/var/lib/ipsec/nss/key4.db",
        ),
    ),
    Case(
        "NetBird and Cloudflare",
        DEBIAN,
        {
            "/etc/netbird/config.json": KEY,
            "/var/lib/netbird/default.json": KEY,
            "/etc/cloudflared/0123.json": KEY,
            "/etc/cloudflared/config.yml": File("tunnel: 0123\n"),
            "/root/.cloudflared/0123.json": KEY,
            "/root/.cloudflared/cert.pem": KEY,
        },
        found=(
            *("/etc/cloudflared/0123.json", "/etc/netbird/config.json", "/root/.cloudflared/0123.json"),
            *("/root/.cloudflared/cert.pem", "/var/lib/netbird/default.json"),
        ),
    ),
    Case(
        "no keys",
        ALPINE,
        {
            "/etc/wireguard": Dir(0o700),
            "/etc/openvpn/x.key": Link("/dev/null"),
            "/etc/ipsec.secrets": File("# : PSK 'x'\n"),
        },
    ),
)
