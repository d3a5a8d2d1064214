"""Where a clone gets an initiator name of its own, and where it would have none."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, Entry, File

NAME = "/etc/iscsi/initiatorname.iscsi"
HEAD = "## DO NOT EDIT OR REMOVE THIS FILE!\n"
TEXT = File(f"{HEAD}InitiatorName=iqn.1993-08.org.debian:01:6d5bac5fdf5\n", 0o600)
STUB = File(f"{HEAD}GenerateName=yes\n", 0o600)
CONF = {"/etc/iscsi/iscsid.conf": File("node.startup = manual\n", 0o600)}
CHECKS: dict[str, Entry] = {"/usr/lib/open-iscsi/startup-checks.sh": File("#!/bin/sh\n", 0o755)}
INIT: dict[str, Entry] = {
    "/usr/lib/systemd/system/iscsi-init.service": File("[Unit]\nConditionPathExists=!/etc/iscsi/initiatorname.iscsi\n"),
    "/usr/lib/systemd/system/iscsid.service": File("[Unit]\nRequires=iscsi-init.service\n"),
}
SCRIPT: dict[str, Entry] = {
    "/etc/init.d/iscsid": File('echo "InitiatorName=${IQN}" >> "${INITIATORNAME_FILE}"\n', 0o755)
}
BOOTED = {"/etc/default/grub": File('GRUB_CMDLINE_LINUX="rd.iscsi.firmware netroot=iscsi:192.0.2.1::::iqn.x"\n')}
MOUNTED = {"/etc/fstab": File("/dev/disk/by-path/ip-192.0.2.1:3260-iscsi-iqn.x-lun-0 /data ext4 _netdev 0 0\n")}

# The name is made again or not for the whole of a guest: each case stands alone.
CASES = (
    Case("Debian", DEBIAN, {NAME: TEXT, **CHECKS, **CONF}, {NAME: STUB, **CHECKS, **CONF}, alone=True),
    Case("RHEL", REDHAT, {NAME: TEXT, **INIT}, {"/etc/iscsi": Dir(), **INIT}, alone=True),
    Case(
        "SUSE",
        SUSE,
        {NAME: TEXT, **INIT, "/etc/systemd/system/x.wants/iscsi-init.service": File("[Unit]\n")},
        {"/etc/iscsi": Dir(), **INIT, "/etc/systemd/system/x.wants/iscsi-init.service": File("[Unit]\n")},
        alone=True,
    ),
    Case("Alpine", ALPINE, {NAME: TEXT, **SCRIPT}, {"/etc/iscsi": Dir(), **SCRIPT}, alone=True),
    Case("not made yet", DEBIAN, {NAME: STUB, **CHECKS}, alone=True),
    Case("as Alpine ships it", ALPINE, {NAME: File("# InitiatorName=\n")}, alone=True),
    Case("nothing makes it", ARCH, {NAME: TEXT}, kept="nothing in this guest"),
    Case(
        "Debian's root on iSCSI", DEBIAN, {NAME: TEXT, **CHECKS, "/etc/iscsi/iscsi.initramfs": File()}, kept="given out"
    ),
    Case("RHEL's root on iSCSI", REDHAT, {NAME: TEXT, **INIT, **BOOTED}, kept="given out"),
    Case("a disk in fstab", REDHAT, {NAME: TEXT, **INIT, **MOUNTED}, kept="given out"),
)
