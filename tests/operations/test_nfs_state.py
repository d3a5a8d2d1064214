"""What NFS knows of its peers."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

NFS = "/var/lib/nfs"
STATD = (29, 29)
STATE = {f"{NFS}/state": File(b"\x03\x00\x00\x00", 0o600, STATD)}

CASES = (
    Case(
        "Debian",
        DEBIAN,
        {
            f"{NFS}/sm": Dir(0o700, STATD),
            f"{NFS}/sm/peer": File("x\n", 0o600, STATD),
            f"{NFS}/rmtab": File("a:/b:1\n"),
            **STATE,
        },
        {f"{NFS}/sm": Dir(0o700, STATD), f"{NFS}/rmtab": File(), **STATE},
    ),
    Case(
        "RHEL",
        REDHAT,
        {
            f"{NFS}/statd/sm": Dir(0o700, STATD),
            f"{NFS}/statd/sm/peer": File("x\n"),
            f"{NFS}/statd/sm.bak/peer": File("x\n"),
        },
        {f"{NFS}/statd/sm": Dir(0o700, STATD), f"{NFS}/statd/sm.bak": Dir()},
    ),
    Case(
        "SUSE",
        SUSE,
        {f"{NFS}/sm.bak/peer": File("x\n"), f"{NFS}/etab": File("/x\n")},
        {f"{NFS}/sm.bak": Dir(), f"{NFS}/etab": File("/x\n")},
    ),
    Case("no peers", ALPINE, {f"{NFS}/sm": Dir(), f"{NFS}/v4recovery": Dir(), f"{NFS}/rmtab": File()}),
)
