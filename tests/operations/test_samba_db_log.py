"""Members of a domain, and servers of their own."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

SAMBA, CACHE, CONF = "/var/lib/samba", "/var/cache/samba", "/etc/samba/smb.conf"
TDB = File(b"TDB file\n", 0o600)
KEPT = {
    f"{SAMBA}/private/passdb.tdb": TDB,
    f"{SAMBA}/winbindd_idmap.tdb": TDB,
    f"{SAMBA}/registry.tdb": TDB,
    f"{SAMBA}/lock": Dir(),
    f"{SAMBA}/smb_krb5": Dir(),
    f"{SAMBA}/usershares": Dir(0o1770),
    CACHE: Dir(),
}
ADS = {CONF: File("[global]\n  workgroup = EXAMPLE\n  Security = ADS\n")}
ALONE = {CONF: File("[global]\n  security = user\n  ; security = ads\n")}
ROLE = {CONF: File("[global]\n  server role = member server\n")}

CASES = (
    Case(
        "a member on Debian",
        DEBIAN,
        {
            **KEPT,
            **ADS,
            f"{SAMBA}/private/secrets.tdb": TDB,
            f"{SAMBA}/private/netlogon_creds_cli.tdb": TDB,
            f"{SAMBA}/winbindd_cache.tdb": TDB,
            f"{CACHE}/netsamlogon_cache.tdb": TDB,
            f"{CACHE}/gencache.tdb": TDB,
        },
        {**KEPT, **ADS},
    ),
    Case(
        "a member on RHEL",
        REDHAT,
        {
            **KEPT,
            **ROLE,
            f"{SAMBA}/private/secrets.tdb": TDB,
            f"{SAMBA}/netsamlogon_cache.tdb": TDB,
            f"{SAMBA}/lock/gencache.tdb": TDB,
            f"{SAMBA}/smb_krb5/krb5.conf.EXAMPLE": File("[realms]\n"),
        },
        {**KEPT, **ROLE},
    ),
    Case("a member with an old Samba", SUSE, {**KEPT, **ADS, f"{SAMBA}/secrets.tdb": TDB}, {**KEPT, **ADS}),
    Case(
        "a server of its own",
        DEBIAN,
        {**KEPT, **ALONE, f"{SAMBA}/private/secrets.tdb": TDB, f"{SAMBA}/winbindd_cache.tdb": TDB},
        found=(f"{SAMBA}/private/secrets.tdb",),
    ),
    Case(
        "a domain controller",
        SUSE,
        {
            CONF: File("[global]\n  server role = active directory domain controller\n"),
            f"{SAMBA}/private/secrets.tdb": TDB,
            f"{SAMBA}/private/sam.ldb": TDB,
        },
        found=(f"{SAMBA}/private/secrets.tdb",),
    ),
    Case("not run yet", ALPINE, {**ADS, f"{SAMBA}/private": Dir(0o700)}),
)
