"""Clients of IPA, and what only looks like one."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

IPA, CLIENT, TRUST = "/etc/ipa", "/var/lib/ipa-client", "/etc/pki/ca-trust/source"
CERTIFICATE = File("-----BEGIN CERTIFICATE-----\n")
EMPTY = {f"{IPA}/nssdb": Dir(), f"{CLIENT}/sysrestore": Dir(), f"{CLIENT}/pki": Dir()}
ENROLLED = {
    f"{IPA}/default.conf": File("[global]\nrealm = EXAMPLE.ORG\n"),
    f"{IPA}/ca.crt": CERTIFICATE,
    f"{IPA}/nssdb/key4.db": File("-----BEGIN PRIVATE KEY-----\n", 0o600),
    f"{CLIENT}/sysrestore/sysrestore.state": File("[ntp]\n"),
    f"{CLIENT}/pki/ca-bundle.pem": CERTIFICATE,
}

CASES = (
    Case(
        "enrolled",
        REDHAT,
        {
            **EMPTY,
            **ENROLLED,
            f"{TRUST}/ipa.p11-kit": File("[p11-kit-object-v1]\n"),
            f"{TRUST}/anchors/ipa-ca.crt": CERTIFICATE,
            f"{TRUST}/anchors/site.crt": CERTIFICATE,
        },
        {**EMPTY, f"{TRUST}/anchors/site.crt": CERTIFICATE},
    ),
    Case(
        "enrolled on Debian",
        DEBIAN,
        {**EMPTY, **ENROLLED, "/usr/local/share/ca-certificates/ipa-ca.crt": CERTIFICATE},
        {**EMPTY, "/usr/local/share/ca-certificates": Dir()},
    ),
    Case(
        "a server",
        REDHAT,
        {**EMPTY, **ENROLLED, "/var/lib/ipa/sysrestore/sysrestore.state": File("[httpd]\n")},
        kept="IPA server",
    ),
    Case(
        "a directory server", SUSE, {**ENROLLED, "/etc/dirsrv/slapd-EXAMPLE/dse.ldif": File("dn:\n")}, kept="IPA server"
    ),
    Case("not enrolled", SUSE, EMPTY),
    Case("not there", ALPINE, {IPA: Dir()}),
)
