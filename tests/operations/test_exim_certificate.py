"""Exim's certificate goes only where its service makes another one."""

from __future__ import annotations

from support.certificates import ISSUED, PRIVATE_KEY, SELF_SIGNED
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, Entry, File

KEY, CERTIFICATE = "/etc/pki/tls/private/exim.pem", "/etc/pki/tls/certs/exim.pem"
PAIR = {KEY: File(PRIVATE_KEY, 0o600, (93, 93)), CERTIFICATE: File(SELF_SIGNED, 0o600, (93, 93))}
GONE = {"/etc/pki/tls/private": Dir(), "/etc/pki/tls/certs": Dir()}
SERVICE: dict[str, Entry] = {
    **SYSTEMD,
    "/usr/lib/systemd/system/exim.service": File("[Service]\nExecStartPre=-/usr/libexec/exim-gen-cert\n"),
    "/usr/libexec/exim-gen-cert": File("#!/usr/bin/bash\n", 0o755),
}
WITHOUT = {**SERVICE, "/usr/lib/systemd/system/exim.service": File("[Service]\nExecStart=/usr/sbin/exim -bd\n")}
ON_DEBIAN = {"/etc/exim4/exim.key": File(PRIVATE_KEY, 0o640), "/etc/exim4/exim.crt": File(SELF_SIGNED)}

CASES = (
    Case("Enterprise Linux", REDHAT, {**SERVICE, **PAIR}, {**SERVICE, **GONE}),
    Case("an authority has issued it", REDHAT, {**SERVICE, **PAIR, CERTIFICATE: File(ISSUED)}),
    Case("the service makes none", REDHAT, {**WITHOUT, **PAIR}, kept="exim-gen-cert"),
    Case("Debian", DEBIAN, ON_DEBIAN),
    Case("SUSE", SUSE, {"/etc/exim/exim.conf": File("tls_certificate = /etc/x\n")}),
    Case("Alpine", ALPINE, {"/etc/exim/exim.conf": File("tls_certificate = /etc/x\n")}),
)
