"""The UUID of MySQL, and the data beside it."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

MYSQL = "/var/lib/mysql"
KEPT = {
    MYSQL: Dir(0o751, (27, 27)),
    f"{MYSQL}/ibdata1": File(b"\x00data", 0o640),
    f"{MYSQL}/mysqld-auto.cnf": File("{}"),
}
UUID = File("[auto]\nserver-uuid=0123\n", 0o640)

CASES = (
    Case("MySQL", DEBIAN, {**KEPT, f"{MYSQL}/auto.cnf": UUID}, KEPT),
    Case("RHEL", REDHAT, {**KEPT, f"{MYSQL}/auto.cnf": UUID}, KEPT),
    Case("SUSE", SUSE, {**KEPT, f"{MYSQL}/auto.cnf": UUID}, KEPT),
    Case("MariaDB", ALPINE, KEPT),
)
