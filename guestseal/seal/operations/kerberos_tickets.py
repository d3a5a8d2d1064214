"""Remove Kerberos tickets

A credential cache holds tickets that are valid for hours, and may be renewed for days: who has
one is its user. Overwritten and removed are caches in files and in directories, those of
SSSD and its KCM daemon with the key they are encrypted with, Heimdal's KCM, and those that
gssproxy keeps for its clients. Programs make new ones at the next kinit or login.

Left on purpose: keytabs and krb5.conf, SSSD's other data, the directories.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *("/tmp/krb5cc*", "/var/tmp/krb5cc*"),  # noqa: S108 - FILE:/tmp/krb5cc_UID is MIT's default
        *("/var/lib/sss/db/ccache_*", "/var/lib/sss/secrets/secrets.ldb", "/var/lib/sss/secrets/.secrets.mkey"),
        "/var/lib/gssproxy/clients/*",
    ),
    stop=("sssd-kcm.service", "gssproxy.service"),
)
