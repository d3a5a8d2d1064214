"""MySQL's own certificates, on request."""

from __future__ import annotations

from support.certificates import PRIVATE_KEY, SELF_SIGNED
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

MYSQL = (27, 27)
NAMES = ("ca", "ca-key", "server-cert", "server-key", "client-cert", "client-key", "private_key", "public_key")
OWN = {
    f"/var/lib/mysql/{name}.pem": File(PRIVATE_KEY if "key" in name else SELF_SIGNED, 0o600, MYSQL) for name in NAMES
}
DATA = {
    "/var/lib/mysql": Dir(0o751, MYSQL),
    "/var/lib/mysql/ibdata1": File("InnoDB", 0o640, MYSQL),
    "/var/lib/mysql/auto.cnf": File("[auto]\n", 0o640, MYSQL),
    "/etc/mysql/ssl/server-key.pem": File(PRIVATE_KEY, 0o600),
}

CASES = (
    Case("Ubuntu", DEBIAN, {**DATA, **OWN}, DATA),
    Case("Enterprise Linux", REDHAT, {**DATA, **OWN}, DATA),
    Case("SUSE", SUSE, DATA),
    Case("Alpine", ALPINE, DATA),
)
