"""Remove what sssd has cached of a domain

The cache holds accounts of the domain with hashes of their passwords, which let people log
in when the domain cannot be reached; the secrets include Kerberos tickets of sssd's own
cache (sssd-kcm(8)). Clones fetch what they need.

Left on purpose: every directory, with its owner and label; in pubconf what krb5.conf
includes (krb5.include.d). The logs are emptied with all others.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

SSS = "/var/lib/sss"  # the directories below it belong to the package sssd-common

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *(f"{SSS}/db/*", f"{SSS}/mc/*", f"{SSS}/secrets/*", f"{SSS}/gpo_cache/*", f"{SSS}/deskprofile/*"),
        *(f"{SSS}/pubconf/k*info.*", f"{SSS}/pubconf/known_hosts"),
    ),
)
