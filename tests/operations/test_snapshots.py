"""Snapshots that can be seen as files."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

DEPLOY = "/ostree/deploy/fedora/deploy"

CASES = (
    Case(
        "snapper",
        SUSE,
        {
            "/.snapshots/1/snapshot/etc": Dir(),
            "/.snapshots/1/info.xml": File("<x/>"),
            "/home/.snapshots/2/snapshot": Dir(),
        },
        found=("/.snapshots/1/snapshot", "/home/.snapshots/2/snapshot"),
    ),
    Case(
        "timeshift and snapd",
        DEBIAN,
        {
            "/timeshift/snapshots/2025-01-01_00-00-00": Dir(),
            "/timeshift-btrfs/snapshots/2025-01-01_00-00-01": Dir(),
            "/var/lib/snapd/snapshots/1_x.zip": File("PK"),
            "/var/lib/snapd/snapshots/state": File("x"),
        },
        found=(
            *("/timeshift/snapshots/2025-01-01_00-00-00", "/timeshift-btrfs/snapshots/2025-01-01_00-00-01"),
            "/var/lib/snapd/snapshots/1_x.zip",
        ),
    ),
    Case(
        "two deployments",
        REDHAT,
        {f"{DEPLOY}/a.0/etc": Dir(), f"{DEPLOY}/b.0/etc": Dir()},
        found=(f"{DEPLOY}/a.0/etc", f"{DEPLOY}/b.0/etc"),
    ),
    Case("the only deployment", REDHAT, {f"{DEPLOY}/a.0/etc": Dir()}, alone=True),
    Case("prepared for snapshots", ALPINE, {"/.snapshots": Dir(0o750)}),
)
