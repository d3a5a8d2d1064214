"""Dumps of programs and kernels."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

DUMP = File(b"KDUMP   -----BEGIN PRIVATE KEY-----", 0o600)
CRASH = {"/var/crash": Dir(0o3777, (0, 120))}

CASES = (
    Case(
        "apport and kdump-tools",
        DEBIAN,
        {
            **CRASH,
            "/var/crash/_usr_bin_x.1000.crash": DUMP,
            "/var/crash/202501010000/dump.202501010000": DUMP,
            "/var/lib/apport/coredump/core._usr_bin_x.1000": DUMP,
            "/var/lib/kdump/initrd.img-6.1.0-9-amd64": File("initrd"),
        },
        {**CRASH, "/var/lib/apport/coredump": Dir(), "/var/lib/kdump/initrd.img-6.1.0-9-amd64": File("initrd")},
    ),
    Case(
        "systemd and abrt",
        REDHAT,
        {
            "/var/lib/systemd/coredump": Dir(),
            "/var/lib/systemd/coredump/core.sshd.0.1.2.zst": DUMP,
            "/var/lib/systemd/pstore/1234/dmesg.txt": DUMP,
            "/var/spool/abrt/ccpp-2025-01-01-00:00:00-1/coredump": DUMP,
            "/var/spool/abrt-upload/x.tar.gz": DUMP,
            "/var/spool/abrt-notes": DUMP,
        },
        {
            "/var/lib/systemd/coredump": Dir(),
            "/var/lib/systemd/pstore": Dir(),
            "/var/spool/abrt": Dir(),
            "/var/spool/abrt-upload": Dir(),
            "/var/spool/abrt-notes": DUMP,
        },
    ),
    Case("IBM Z", SUSE, {"/var/log/dump/20250101/dump.0": DUMP}, {"/var/log/dump": Dir()}),
    Case("no crash", ALPINE, {**CRASH, "/srv/crash/x.crash": DUMP}),
)
