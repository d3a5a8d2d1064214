"""Where passwords of networks are found, and where none is."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

NM = "/etc/NetworkManager/system-connections"
WIFI = File("[wifi-security]\nkey-mgmt=wpa-psk\npsk=correct horse\n", 0o600)
FLAGS = File("[802-1x]\npassword-flags=1\n[vpn]\nservice-type=x\n", 0o600)
VPN = File("[vpn-secrets]\nXauth password=hunter22\n", 0o600)

CASES = (
    Case(
        "NetworkManager",
        REDHAT,
        {f"{NM}/wifi-office": WIFI, f"{NM}/vpn-office": VPN, f"{NM}/asks": FLAGS},
        found=(f"{NM}/wifi-office", f"{NM}/vpn-office"),
    ),
    Case(
        "Debian's other places",
        DEBIAN,
        {
            "/etc/netplan/70-wifi.yaml": File(
                'network:\n  wifis:\n    w:\n      access-points:\n        "o":\n          password: "horse"\n', 0o600
            ),
            "/etc/netplan/71-plain.yaml": File("network:\n  version: 2\n", 0o600),
            "/etc/network/interfaces.d/wlan0": File("iface wlan0 inet dhcp\n    wpa-psk correcthorse\n"),
            "/etc/network/interfaces": File("# wpa-psk none\n"),
            "/etc/systemd/network/50-wg.netdev": File("[WireGuard]\nPrivateKey=abcdefgh=\n"),
            "/etc/systemd/network/51-wg.netdev": File("[WireGuard]\nPrivateKeyFile=/etc/wg.key\n"),
            "/etc/ppp/chap-secrets": File("# client server secret\nkim * hunter22 *\n"),
            "/etc/ppp/pap-secrets": File("# client server secret\n"),
        },
        found=(
            *("/etc/netplan/70-wifi.yaml", "/etc/network/interfaces.d/wlan0", "/etc/systemd/network/50-wg.netdev"),
            "/etc/ppp/chap-secrets",
        ),
        alone=True,  # the file of interfaces is a subject of others
    ),
    Case(
        "network-scripts",
        REDHAT,
        {"/etc/sysconfig/network-scripts/keys-office": File("WPA_PSK='correct horse'\n", 0o600)},
        found=("/etc/sysconfig/network-scripts/keys-office",),
    ),
    Case(
        "wicked",
        SUSE,
        {
            "/etc/sysconfig/network/ifcfg-wlan0": File("WIRELESS_WPA_PSK='correct horse'\n"),
            "/etc/sysconfig/network/ifcfg-wlan1": File("WIRELESS_WPA_PSK=''\n"),
        },
        found=("/etc/sysconfig/network/ifcfg-wlan0",),
    ),
    Case(
        "wpa_supplicant, iwd and ConnMan",
        ALPINE,
        {
            "/etc/wpa_supplicant/wpa_supplicant.conf": File('network={\n\tpsk="correct horse"\n}\n'),
            "/etc/wpa_supplicant.conf": File("ctrl_interface=/run/x\n# psk=x\n"),
            "/var/lib/iwd/office.psk": File("[Security]\nPassphrase=correct\n"),
            "/var/lib/iwd/uni.8021x": File("[Security]\n"),
            "/var/lib/connman/wifi_1_psk/settings": File("[wifi]\nPassphrase=correct\n"),
            "/var/lib/connman/vpn.config": File("[global]\n"),
            "/var/lib/connman/cable": Dir(),
        },
        found=(
            *("/etc/wpa_supplicant/wpa_supplicant.conf", "/var/lib/iwd/office.psk", "/var/lib/iwd/uni.8021x"),
            "/var/lib/connman/wifi_1_psk/settings",
        ),
    ),
)
