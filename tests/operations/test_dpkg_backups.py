"""The daily copies of dpkg's and apt's databases."""

from __future__ import annotations

from support.operation_cases import DEBIAN, UBUNTU, Case
from support.trees import Dir, File

ONLY = (DEBIAN, UBUNTU)

COPY = File("Package: golden\n")
STAYS = {"/var/lib/dpkg/status": COPY, "/var/backups/mysql.sql.gz": File("x\n"), "/var/backups/dpkg.txt": File("x\n")}

CASES = (
    Case(
        "a week of them",
        DEBIAN,
        {
            **STAYS,
            **{f"/var/backups/dpkg.{name}.0": COPY for name in ("arch", "status", "diversions", "statoverride")},
            "/var/backups/dpkg.status.6.gz": COPY,
            "/var/backups/alternatives.tar.0": COPY,
            "/var/backups/apt.extended_states": COPY,
            "/var/backups/apt.extended_states.1.gz": COPY,
        },
        STAYS,
    ),
    Case("none yet", UBUNTU, {"/var/backups": Dir(), **STAYS}),
)
