"""Kerberos tickets, and what Kerberos needs to get new ones."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

TICKET = File(b"\x05\x04 krbtgt/EXAMPLE.COM", 0o600)
STAYS = {"/etc/krb5.conf": File("[libdefaults]\n"), "/var/lib/sss/db/config.ldb": File("TDB")}

CASES = (
    Case(
        "files",
        DEBIAN,
        {"/tmp/krb5cc_0": TICKET, "/var/tmp/krb5cc_1000_a1B2c3": TICKET, "/tmp/krb5.log": File("x\n"), **STAYS},
        {"/tmp/krb5.log": File("x\n"), "/var/tmp": Dir(), **STAYS},
    ),
    Case(
        "SSSD and gssproxy",
        REDHAT,
        {
            "/var/lib/sss/db/ccache_EXAMPLE.COM": TICKET,
            "/var/lib/sss/secrets/secrets.ldb": TICKET,
            "/var/lib/sss/secrets/.secrets.mkey": File(b"\x00key", 0o600),
            "/var/lib/gssproxy/clients/krb5cc_0": TICKET,
            **STAYS,
        },
        {"/var/lib/sss/secrets": Dir(), "/var/lib/gssproxy/clients": Dir(), **STAYS},
    ),
    Case("a cache that is a directory", SUSE, {"/tmp/krb5cc_1000/tkt": TICKET}, {"/tmp": Dir()}),
    Case("none", ALPINE, STAYS),
)
