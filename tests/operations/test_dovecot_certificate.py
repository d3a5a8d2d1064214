"""Dovecot's certificate goes only where its service makes another one."""

from __future__ import annotations

from support.certificates import ISSUED, PRIVATE_KEY, SELF_SIGNED
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, Entry, File, Link

KEY, CERTIFICATE = "/etc/pki/dovecot/private/dovecot.pem", "/etc/pki/dovecot/certs/dovecot.pem"
PAIR = {KEY: File(PRIVATE_KEY, 0o600), CERTIFICATE: File(SELF_SIGNED, 0o600)}
GONE = {"/etc/pki/dovecot/private": Dir(), "/etc/pki/dovecot/certs": Dir()}
SERVICE: dict[str, Entry] = {
    **SYSTEMD,
    "/usr/lib/systemd/system/dovecot.service": File("[Unit]\nRequires=dovecot-init.service\n"),
    "/usr/lib/systemd/system/dovecot-init.service": File("[Service]\nType=oneshot\n"),
    "/usr/libexec/dovecot/mkcert.sh": File("#!/bin/sh\n", 0o755),
    "/etc/pki/dovecot/dovecot-openssl.cnf": File("[req]\n"),
}
WITHOUT_INIT = {path: entry for path, entry in SERVICE.items() if not path.endswith("init.service")}
STATE = {"/var/lib/dovecot/ssl-parameters.dat": File("dh"), "/var/lib/dovecot/instances": File("dovecot\n")}
OF_SNAKEOIL: dict[str, Entry] = {
    "/etc/dovecot/private/dovecot.key": Link("/etc/ssl/private/ssl-cert-snakeoil.key"),
    "/etc/dovecot/private/dovecot.pem": Link("/etc/ssl/certs/ssl-cert-snakeoil.pem"),
}

CASES = (
    Case("Enterprise Linux", REDHAT, {**SERVICE, **STATE, **PAIR}, {**SERVICE, **STATE, **GONE}),
    Case("an authority has issued it", REDHAT, {**SERVICE, **PAIR, CERTIFICATE: File(ISSUED)}),
    Case("nothing makes it again", REDHAT, {**WITHOUT_INIT, **PAIR}, kept="dovecot-init.service"),
    Case("Debian", DEBIAN, OF_SNAKEOIL),
    Case("SUSE", SUSE, STATE),
    Case("Alpine", ALPINE, {"/etc/ssl/dovecot/server.pem": File(SELF_SIGNED)}),
)
