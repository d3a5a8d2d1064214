"""What LVM keeps of what was."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

VG = File('contents = "Text Format Volume Group"\n', 0o600)
BACKUP = {"/etc/lvm/backup/vg0": VG}

CASES = (
    Case(
        "RHEL",
        REDHAT,
        {"/etc/lvm/archive": Dir(0o700), "/etc/lvm/archive/vg0_00000-1.vg": VG, **BACKUP},
        {"/etc/lvm/archive": Dir(0o700), **BACKUP},
    ),
    Case(
        "the cache of old versions",
        SUSE,
        {"/etc/lvm/cache/.cache": File("persistent_filter_cache {}\n")},
        {"/etc/lvm/cache": Dir()},
    ),
    Case("Debian", DEBIAN, {"/etc/lvm/archive/vg1_00000-2.vg": VG}, {"/etc/lvm/archive": Dir()}),
    Case("empty", ALPINE, {"/etc/lvm/profile/x.profile": File("x\n")}),
)
