"""The certificate of mod_ssl's default site goes only where httpd makes another one."""

from __future__ import annotations

from support.certificates import AUTHORITY, ISSUED, PRIVATE_KEY, SELF_SIGNED, SSCG
from support.operation_cases import REDHAT, SYSTEMD, Case
from support.trees import Dir, Entry, File, Link

ONLY = (REDHAT,)

KEY, CERTIFICATE = "/etc/pki/tls/private/localhost.key", "/etc/pki/tls/certs/localhost.crt"
PAIR = {KEY: File(PRIVATE_KEY, 0o600), CERTIFICATE: File(SSCG)}
GONE = {"/etc/pki/tls/private": Dir(), "/etc/pki/tls/certs": Dir()}
NEIGHBOURS: dict[str, Entry] = {
    "/etc/pki/tls/certs/ca-bundle.crt": Link("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
    "/etc/pki/tls/private/www.example.com.key": File(PRIVATE_KEY, 0o600),
}
CONFIGURATION = File(f"SSLEngine on\nSSLCertificateFile {CERTIFICATE}\nSSLCertificateKeyFile {KEY}\n")
SERVICE: dict[str, Entry] = {
    **SYSTEMD,
    "/usr/lib/systemd/system/httpd.service": File("[Unit]\nWants=httpd-init.service\n"),
    "/usr/lib/systemd/system/httpd-init.service": File("[Service]\nExecStart=/usr/libexec/httpd-ssl-gencerts\n"),
    "/usr/libexec/httpd-ssl-gencerts": File("#!/usr/bin/bash\n", 0o755),
    "/usr/bin/sscg": File("ELF", 0o755),
    "/etc/httpd/conf.d/ssl.conf": CONFIGURATION,
}
MASKED = {"/etc/systemd/system/httpd-init.service": Link("/dev/null")}
OWN_SITE = {"/etc/httpd/conf.d/ssl.conf": File(f"#SSLCertificateFile {CERTIFICATE}\nSSLCertificateKeyFile {KEY}\n")}

CASES = (
    Case("sscg made it", REDHAT, {**SERVICE, **NEIGHBOURS, **PAIR}, {**SERVICE, **NEIGHBOURS}),
    Case("openssl made it", REDHAT, {**SERVICE, **PAIR, CERTIFICATE: File(SELF_SIGNED)}, {**SERVICE, **GONE}),
    Case(
        "the certificate alone", REDHAT, {**SERVICE, CERTIFICATE: File(SSCG)}, {**SERVICE, "/etc/pki/tls/certs": Dir()}
    ),
    Case("an authority has issued it", REDHAT, {**SERVICE, **PAIR, CERTIFICATE: File(ISSUED + AUTHORITY)}),
    Case(
        "a link", REDHAT, {**SERVICE, KEY: File(PRIVATE_KEY), CERTIFICATE: Link("/srv/cert"), "/srv/cert": File(SSCG)}
    ),
    Case("Enterprise Linux 7", REDHAT, {**SYSTEMD, **PAIR}, kept="httpd would not make a new one"),
    Case("the unit is masked", REDHAT, {**SERVICE, **MASKED, **PAIR}, kept="httpd-init.service"),
    Case("sites are configured in another way", REDHAT, {**SERVICE, **OWN_SITE, **PAIR}, kept="default ssl.conf"),
    Case(
        "sscg is gone",
        REDHAT,
        {path: entry for path, entry in {**SERVICE, **PAIR}.items() if path != "/usr/bin/sscg"},
        kept="sscg",
    ),
)
