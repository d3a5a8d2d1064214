"""LVM's list of devices."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

LIST = File("VERSION=1.1.2\nIDTYPE=sys_serial IDNAME=x DEVNAME=/dev/vda2 PVID=y PART=2\n", 0o600)
DEVICES = "/etc/lvm/devices"
CONF = {"/etc/lvm/lvm.conf": File("devices {}\n"), f"{DEVICES}/own.devices": LIST}

CASES = (
    Case(
        "RHEL 9",
        REDHAT,
        {f"{DEVICES}/system.devices": LIST, f"{DEVICES}/backup/system.devices-20250101.000000.0001": LIST, **CONF},
        {f"{DEVICES}/backup": Dir(), **CONF},
    ),
    Case("SUSE", SUSE, {f"{DEVICES}/system.devices": LIST}, {DEVICES: Dir()}),
    Case("Debian has none", DEBIAN, CONF),
    Case("Alpine has none", ALPINE, {"/etc/lvm/lvm.conf": File("devices {}\n")}),
)
