"""CUPS makes its certificates again, unless it was told to make none."""

from __future__ import annotations

from support.certificates import PRIVATE_KEY, SELF_SIGNED
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link

DIRECTORY = "/etc/cups/ssl"
PAIR = {
    f"{DIRECTORY}/master.example.com.key": File(PRIVATE_KEY, 0o600),
    f"{DIRECTORY}/master.example.com.crt": File(SELF_SIGNED),
}
OLD_LINKS = {f"{DIRECTORY}/server.crt": Link("/etc/ssl/certs/ssl-cert-snakeoil.pem")}
EMPTY = {DIRECTORY: Dir(0o700, (0, 7))}
CONFIGURED = {"/etc/cups/cups-files.conf": File("#CreateSelfSignedCerts no\nSystemGroup lpadmin\n")}
TOLD = {"/etc/cups/cups-files.conf": File("SystemGroup sys\n CreateSelfSignedCerts No\n")}

CASES = (
    Case("Debian", DEBIAN, {**EMPTY, **CONFIGURED, **PAIR, **OLD_LINKS}, {**EMPTY, **CONFIGURED}),
    Case(
        "without a configuration",
        SUSE,
        {**PAIR, f"{DIRECTORY}/site.crl": File("x")},
        {f"{DIRECTORY}/site.crl": File("x")},
    ),
    Case("told to make none", REDHAT, {**TOLD, **PAIR}, kept="CreateSelfSignedCerts"),
    Case("told to make none, and there is none", REDHAT, {**TOLD, **EMPTY}, alone=True),  # with a pair it is kept
    Case("Alpine", ALPINE, {**EMPTY, **CONFIGURED}),
)
