"""Berkeley DB's environment, beside RPM's databases of every format."""

from __future__ import annotations

from support.operation_cases import REDHAT, SUSE, Case
from support.trees import File

ONLY = (REDHAT, SUSE)  # rpm

OLD, NEW = "/var/lib/rpm", "/usr/lib/sysimage/rpm"
PACKAGES = {f"{OLD}/Packages": File(b"\x00b1"), f"{OLD}/Name": File(b"\x00n1"), f"{OLD}/.rpm.lock": File("")}
SQLITE = {
    f"{NEW}/rpmdb.sqlite": File("SQLite"),
    f"{NEW}/rpmdb.sqlite-wal": File("w"),
    f"{NEW}/rpmdb.sqlite-shm": File("s"),
}

CASES = (
    Case("Berkeley DB", REDHAT, {**PACKAGES, f"{OLD}/__db.001": File("e"), f"{OLD}/__db.002": File("e")}, PACKAGES),
    Case(
        "SUSE",
        SUSE,
        {f"{NEW}/Packages.db": File("ndb"), f"{NEW}/__db.001": File("e")},
        {f"{NEW}/Packages.db": File("ndb")},
    ),
    Case("sqlite", REDHAT, SQLITE),
)
