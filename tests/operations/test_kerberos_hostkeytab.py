"""The keys of the host, and those of others."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

KEYS, CONF = File(b"\x05\x02\x00key", 0o600), {"/etc/krb5.conf": File("[libdefaults]\n")}
OTHERS = {
    "/etc/httpd/http.keytab": KEYS,
    "/var/lib/ipa/gssproxy/http.keytab": KEYS,
    "/var/kerberos/krb5/user/1000/client.keytab": KEYS,
}

CASES = (
    Case("a member of a domain", DEBIAN, {**CONF, "/etc/krb5.keytab": KEYS}, CONF),
    Case(
        "services beside it",
        REDHAT,
        {**CONF, **OTHERS, "/etc/krb5.keytab": KEYS},
        {**CONF, **OTHERS},
        found=tuple(OTHERS),
    ),
    Case("winbind", SUSE, {**CONF, "/etc/machine.keytab": KEYS}, CONF),
    Case(
        "a user's client",
        DEBIAN,
        {"/etc/krb5/user/1000/client.keytab": KEYS},
        found=("/etc/krb5/user/1000/client.keytab",),
    ),
    Case("no domain", ALPINE, {**CONF, "/etc/krb5.conf.d": Dir()}),
)
