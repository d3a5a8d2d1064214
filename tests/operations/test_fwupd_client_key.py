"""fwupd's own key, and the authorities beside it."""

from __future__ import annotations

from support.certificates import PRIVATE_KEY, SELF_SIGNED
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

OWN = {
    "/var/lib/fwupd/pki/secret.key": File(PRIVATE_KEY, 0o600),
    "/var/lib/fwupd/pki/client.pem": File(SELF_SIGNED),
}
DIRECTORY = {"/var/lib/fwupd/pki": Dir()}
TRUST = {
    "/etc/pki/fwupd/LVFS-CA.pem": File(SELF_SIGNED),
    "/etc/pki/fwupd-metadata/LVFS-CA.pem": File(SELF_SIGNED),
    "/var/lib/fwupd/pending.db": File("SQLite"),
}

CASES = (
    Case("Debian", DEBIAN, {**OWN, **TRUST}, {**DIRECTORY, **TRUST}),
    Case("Fedora", REDHAT, OWN, DIRECTORY),
    Case("SUSE", SUSE, {**DIRECTORY, **TRUST}),
    Case("Alpine", ALPINE, TRUST),
)
