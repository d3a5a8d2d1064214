"""Machines that are joined to a directory, by every tool."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

CASES = (
    Case(
        "sssd",
        REDHAT,
        {
            "/etc/sssd/sssd.conf": File("[domain/example.org]\nid_provider = ad\n", 0o600),
            "/etc/sssd/conf.d/ipa.conf": File("[domain/ipa]\nid_provider=ipa\n", 0o600),
            "/etc/sssd/conf.d/ldap.conf": File("[domain/ldap]\nid_provider = ldap\n", 0o600),
            "/etc/krb5.conf.d/example": File("[realms]\nEXAMPLE.ORG = {\n}\n"),
            "/etc/krb5.conf.d/crypto-policies": File("[libdefaults]\n"),
        },
        found=("/etc/krb5.conf.d/example", "/etc/sssd/conf.d/ipa.conf", "/etc/sssd/sssd.conf"),
    ),
    Case("PBIS", DEBIAN, {"/var/lib/pbis/db/registry.db": File("SQLite")}, found=("/var/lib/pbis/db",)),
    Case(
        "Centrify",
        SUSE,
        {"/var/centrifydc/kset.domain": File("example.org"), "/var/centrifydc/settings": File("x")},
        found=("/var/centrifydc/kset.domain",),
    ),
    Case(
        "One Identity",
        REDHAT,
        {
            "/etc/opt/quest/vas/host.keytab": File(b"\x05\x02", 0o600),
            "/etc/opt/quest/vas/vas.conf": File("[libdefaults]\n"),
            "/var/opt/quest/vas/vasd/vas_ident.vdb": File("SQLite"),
        },
        found=("/etc/opt/quest/vas/host.keytab", "/var/opt/quest/vas/vasd/vas_ident.vdb"),
    ),
    Case("not joined", ALPINE, {"/etc/krb5.conf.d": Dir(), "/etc/sssd/conf.d": Dir(0o711)}),
)
