"""Private keys below /etc are reported, by what is in a file."""

from __future__ import annotations

from support.certificates import ISSUED, PRIVATE_KEY, SELF_SIGNED
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File, Link

ENCRYPTED = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMC4CAQAw\n-----END ENCRYPTED PRIVATE KEY-----\n"
OLD = "-----BEGIN RSA PRIVATE KEY-----\nMC4CAQAw\n-----END RSA PRIVATE KEY-----\n"
KEYS: dict[str, Entry] = {
    "/etc/ssl/private/www.example.com.key": File(PRIVATE_KEY, 0o600),
    "/etc/nginx/tls/site.pem": File(ISSUED + OLD, 0o600),
    "/etc/apache2/ssl/site.crt": File(ISSUED + ENCRYPTED, 0o600),
    "/etc/haproxy/certs/site.cert": File(OLD + ISSUED, 0o600),
    "/etc/tomcat/keystore.jks": File(b"\xfe\xed\xfe\xed", 0o600),
    "/etc/app/client.p12": File(b"\x30\x82", 0o600),
    "/etc/app/client.pfx": File(b"\x30\x82", 0o600),
}
NONE: dict[str, Entry] = {
    "/etc/ssl/certs/ISRG.pem": File(ISSUED),
    "/etc/pki/tls/certs/www.crt": File(SELF_SIGNED),
    "/etc/keys/repository.key": File("-----BEGIN PGP PUBLIC KEY BLOCK-----\n"),
    "/etc/app/pub.pem": File("-----BEGIN PUBLIC KEY-----\n"),
    "/etc/app/readme.txt": File(f"A key begins so:\n{PRIVATE_KEY}"),
    "/etc/app/link.key": Link("/srv/app.key"),
    "/srv/app.key": File(PRIVATE_KEY),
    "/etc/app/empty.jks": File(""),
    "/etc/app/template.key": File("  -----BEGIN PRIVATE KEY-----\n"),
}
OF_OTHERS: dict[str, Entry] = {
    "/etc/ssl/private/ssl-cert-snakeoil.key": File(PRIVATE_KEY, 0o640),
    "/etc/letsencrypt/keys/0000_key-certbot.pem": File(PRIVATE_KEY, 0o600),
    "/etc/webmin/miniserv.pem": File(PRIVATE_KEY, 0o600),
    "/etc/unbound/unbound_server.key": File(PRIVATE_KEY, 0o640),
}

CASES = (
    Case("every kind", DEBIAN, {**KEYS, **NONE}, found=tuple(KEYS)),
    Case("those of other operations", DEBIAN, OF_OTHERS, alone=True),  # removed by them
    Case("Enterprise Linux", REDHAT, {"/etc/pki/tls/private/x.key": File(OLD)}, found=("/etc/pki/tls/private/x.key",)),
    Case("SUSE", SUSE, NONE),
    Case("Alpine", ALPINE, NONE),
)
