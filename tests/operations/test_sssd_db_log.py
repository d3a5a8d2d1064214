"""What sssd caches, and the directories that it expects."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

SSS = "/var/lib/sss"
KEPT = {
    **{f"{SSS}/{name}": Dir() for name in ("mc", "pubconf/krb5.include.d", "gpo_cache", "deskprofile")},
    f"{SSS}/db": Dir(0o700),
    f"{SSS}/secrets": Dir(0o700),
    f"{SSS}/pubconf/pam_preauth_available": File(""),
    f"{SSS}/pubconf/krb5.include.d/localauth_plugin": File("[plugins]\n"),
    "/etc/sssd/sssd.conf": File("[sssd]\ndomains = example.org\n", 0o600),
}
CACHE = {
    f"{SSS}/db/cache_example.org.ldb": File("cachedPassword: $6$hunter2\n", 0o600),
    f"{SSS}/mc/passwd": File(b"\x00kim"),
    f"{SSS}/secrets/secrets.ldb": File("ticket", 0o600),
    f"{SSS}/secrets/.secrets.mkey": File("key", 0o600),
}

CASES = (
    Case(
        "a member of a domain",
        REDHAT,
        {
            **KEPT,
            **CACHE,
            f"{SSS}/gpo_cache/example.org/Policies/GPT.INI": File("x"),
            f"{SSS}/deskprofile/example.org/kim/rule": File("x"),
            f"{SSS}/pubconf/kdcinfo.EXAMPLE.ORG": File("10.0.0.1"),
            f"{SSS}/pubconf/kpasswdinfo.EXAMPLE.ORG": File("10.0.0.1"),
            f"{SSS}/pubconf/known_hosts": File("x"),
        },
        KEPT,
    ),
    Case("Debian", DEBIAN, {**KEPT, **CACHE}, KEPT),
    Case("SUSE", SUSE, {**KEPT, **CACHE}, KEPT),
    Case("not set up", ALPINE, {f"{SSS}/db": Dir(0o700), f"{SSS}/mc": Dir()}),
)
