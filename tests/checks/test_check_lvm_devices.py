"""LVM's list of disks."""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import DEBIAN, REDHAT
from support.trees import File

DEVICES = "/etc/lvm/devices/system.devices"
HEAD = "# LVM uses devices listed in this file.\nVERSION=1.1.2\n"
BY_SERIAL = "IDTYPE=sys_serial IDNAME=QM00001 DEVNAME=/dev/sda2 PVID=abc PART=2\n"
BY_WWID = "IDTYPE=sys_wwid IDNAME=naa.6000 DEVNAME=/dev/sda2 PVID=abc PART=2\n"
BY_NAME = "IDTYPE=devname IDNAME=/dev/vda2 DEVNAME=/dev/vda2 PVID=abc PART=2\n"

CASES = (
    CheckCase("no list", DEBIAN, {}),
    CheckCase("by name, which LVM corrects", REDHAT, {DEVICES: File(HEAD + BY_NAME)}),
    CheckCase("by what is on the disk", REDHAT, {DEVICES: File(HEAD + "IDTYPE=md_uuid IDNAME=1 DEVNAME=/dev/md0\n")}),
    CheckCase("a version that looks anew", REDHAT, {DEVICES: File(f"{HEAD}PRODUCT_UUID=1-2\n{BY_SERIAL}")}),
    CheckCase("a comment", REDHAT, {DEVICES: File(f"{HEAD}# {BY_SERIAL}")}),
    CheckCase(
        "not used",
        REDHAT,
        {DEVICES: File(BY_SERIAL), "/etc/lvm/lvm.conf": File("devices {\n\tuse_devicesfile = 0\n}\n")},
    ),
    CheckCase(
        "by serial number", REDHAT, {DEVICES: File(HEAD + BY_SERIAL)}, ("serial numbers",), mended={DEVICES: None}
    ),
    CheckCase(
        "by WWID, with the default written out",
        DEBIAN,
        {
            DEVICES: File(BY_NAME + BY_WWID),
            "/etc/lvm/lvm.conf": File("\t# use_devicesfile = 0\n\tuse_devicesfile = 1\n"),
        },
        ("serial numbers",),
        mended={DEVICES: None},
    ),
)
