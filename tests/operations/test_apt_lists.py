"""apt's lists, and what apt expects to stay."""

from __future__ import annotations

from support.operation_cases import DEBIAN, UBUNTU, Case
from support.trees import Dir, File

ONLY = (DEBIAN,)  # apt

LISTS = "/var/lib/apt/lists"
KEPT = {
    f"{LISTS}/lock": File("", 0o640),
    f"{LISTS}/partial": Dir(0o700, (42, 0)),
    f"{LISTS}/auxfiles": Dir(),
    "/var/lib/apt/extended_states": File("Package: bash\nAuto-Installed: 1\n"),
}

CASES = (
    Case(
        "lists and an interrupted download",
        DEBIAN,
        {
            **KEPT,
            f"{LISTS}/deb.debian.org_debian_dists_bookworm_InRelease": File("Origin: Debian\n"),
            f"{LISTS}/deb.debian.org_debian_dists_bookworm_main_binary-amd64_Packages": File("Package: bash\n"),
            f"{LISTS}/partial/deb.debian.org_debian_dists_bookworm_InRelease": File("Origin: De"),
        },
        KEPT,
    ),
    Case("never updated", UBUNTU, KEPT),
)
