"""Databases of key distribution centers, and their configuration."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

DATA = File(b"\x00key of a realm", 0o600)
CONF = {"/var/kerberos/krb5kdc/kdc.conf": File("[realms]\n"), "/var/kerberos/krb5kdc/kadm5.acl": File("*/admin *\n")}
DEBIAN_CONF = {"/etc/krb5kdc/kdc.conf": File("[realms]\n"), "/etc/krb5kdc/kadm5.acl": File("*/admin *\n")}

CASES = (
    Case(
        "the RHEL family",
        REDHAT,
        {
            **CONF,
            "/var/kerberos/krb5kdc/principal": DATA,
            "/var/kerberos/krb5kdc/principal.kadm5": DATA,
            "/var/kerberos/krb5kdc/.k5.EXAMPLE.ORG": DATA,
            "/var/kerberos/krb5kdc/kadm5.keytab": DATA,
        },
        CONF,
    ),
    Case(
        "Debian",
        DEBIAN,
        {
            **DEBIAN_CONF,
            "/var/lib/krb5kdc/principal": DATA,
            "/etc/krb5kdc/stash": DATA,
            "/etc/krb5kdc/.k5.EXAMPLE.ORG": DATA,
            "/etc/krb5kdc/kadm5.keytab": DATA,
        },
        {**DEBIAN_CONF, "/var/lib/krb5kdc": Dir()},
    ),
    Case(
        "SUSE",
        SUSE,
        {
            "/var/lib/kerberos/krb5kdc/kdc.conf": File("[realms]\n"),
            "/var/lib/kerberos/krb5kdc/principal": DATA,
            "/var/lib/kerberos/krb5kdc/.k5.EXAMPLE.ORG": DATA,
        },
        {"/var/lib/kerberos/krb5kdc/kdc.conf": File("[realms]\n")},
    ),
    Case(
        "Heimdal",
        DEBIAN,
        {
            "/var/lib/heimdal-kdc/heimdal.db": DATA,
            "/var/lib/heimdal-kdc/m-key": DATA,
            "/var/lib/heimdal-kdc/kdc.conf": DATA,
        },
        {"/var/lib/heimdal-kdc/kdc.conf": DATA},
    ),
    Case("no key distribution center", ALPINE, {"/var/lib/krb5kdc": Dir(0o700)}),
)
