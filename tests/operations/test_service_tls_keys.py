"""Keys that services made once are reported; links to snakeoil's are none."""

from __future__ import annotations

from support.certificates import PRIVATE_KEY, SELF_SIGNED
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File, Link

DEBIANS = {
    path: File(f"{PRIVATE_KEY}{SELF_SIGNED}", 0o600)
    for path in (
        *("/etc/postfix/smtpd.key", "/etc/exim4/exim.key", "/etc/dovecot/private/dovecot.key"),
        *("/etc/webmin/miniserv.pem", "/etc/usermin/miniserv.pem", "/etc/stunnel/stunnel.pem"),
        "/var/lib/postgresql/15/main/server.key",
    )
}
ENTERPRISE = {
    path: File(PRIVATE_KEY, 0o600)
    for path in (
        *("/etc/pki/tls/private/postfix.key", "/var/lib/pgsql/data/server.key"),
        "/var/lib/pgsql/15/data/server.key",
    )
}
HARMLESS: dict[str, Entry] = {
    "/etc/exim4/exim.crt": File(SELF_SIGNED),
    "/etc/dovecot/private/dovecot.pem": Link("/etc/ssl/certs/ssl-cert-snakeoil.pem"),
    "/etc/stunnel/psk.txt": File("x"),
    "/var/lib/pgsql/data/server.crt": File(SELF_SIGNED),
}

CASES = (
    Case("Debian", DEBIAN, {**DEBIANS, **HARMLESS}, found=tuple(DEBIANS)),
    Case("Enterprise Linux", REDHAT, ENTERPRISE, found=tuple(ENTERPRISE)),
    Case("SUSE", SUSE, HARMLESS),
    Case("Alpine", ALPINE, {"/etc/ssl/dovecot/server.key": File(PRIVATE_KEY)}, found=("/etc/ssl/dovecot/server.key",)),
)
