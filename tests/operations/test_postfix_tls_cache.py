"""What tlsmgr makes again."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

POSTFIX = (100, 102)
DIRECTORY = "/var/lib/postfix"
MADE = {
    f"{DIRECTORY}/{name}": File("\x01seed of sessions", 0o600, POSTFIX)
    for name in ("prng_exch", "smtp_scache.db", "smtpd_scache.db", "smtpd_scache.lmdb")
}
KEPT = {
    DIRECTORY: Dir(0o755, POSTFIX),
    f"{DIRECTORY}/master.lock": File("", 0o600, POSTFIX),
    f"{DIRECTORY}/verify_cache.db": File("x", 0o600, POSTFIX),
    "/etc/postfix/main.cf": File("smtp_tls_session_cache_database = btree:${data_directory}/smtp_scache\n"),
}

CASES = (
    Case("Debian", DEBIAN, {**KEPT, **MADE}, KEPT),
    Case("Enterprise Linux", REDHAT, {**KEPT, **MADE}, KEPT),
    Case("SUSE", SUSE, KEPT),
    Case("Alpine", ALPINE, KEPT),
)
