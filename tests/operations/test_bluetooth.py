"""Bluetooth pairings."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

ADAPTER = "/var/lib/bluetooth/00:11:22:33:44:55"
PAIRED = {
    f"{ADAPTER}/settings": File("[General]\nDiscoverable=false\n", 0o600),
    f"{ADAPTER}/66:77:88:99:AA:BB/info": File("[LinkKey]\nKey=00112233445566778899AABBCCDDEEFF\n", 0o600),
    f"{ADAPTER}/cache/66:77:88:99:AA:BB": File("[General]\nName=Kim's phone\n", 0o600),
}
STAYS = {"/etc/bluetooth/main.conf": File("[General]\n")}

CASES = (
    Case("Debian", DEBIAN, {**PAIRED, **STAYS}, {**STAYS, "/var/lib/bluetooth": Dir()}),
    Case("RHEL", REDHAT, {**PAIRED, **STAYS}, {**STAYS, "/var/lib/bluetooth": Dir()}),
    Case("SUSE", SUSE, {"/var/lib/bluetooth": Dir(0o700), **PAIRED}, {"/var/lib/bluetooth": Dir(0o700)}),
    Case("nothing paired", ALPINE, {**STAYS, "/var/lib/bluetooth": Dir(0o700)}),
)
