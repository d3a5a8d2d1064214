"""Passwords of network shares."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

SECRET = File("username=kim\npassword=hunter22\n", 0o600)
TAB = "/etc/fstab"

CASES = (
    Case(
        "files by their names",
        DEBIAN,
        {
            **{f"/root/{name}": SECRET for name in (".smbcredentials", ".smbpasswd", ".cifs-share")},
            **{f"/etc/{name}": SECRET for name in (".smbcredentials-x", "cifs.creds", "smbcredentials")},
            **{f"/etc/samba/{name}": SECRET for name in ("credentials", ".credentials")},
            "/etc/cifs-utils.conf": File("[global]\n"),
            "/etc/cifs-utils/share": SECRET,
            "/etc/cifs-utils/idmap-plugin": File("ELF"),
            "/etc/autofs_ldap_auth.conf": File('<autofs_ldap_sasl_conf usetls="no" authrequired="no" />\n', 0o600),
            "/etc/davfs2/secrets": File("# url user password\n"),
            "/root/.davfs2/secrets": File("https://dav kim hunter22\n", 0o600),
        },
        found=(
            *("/root/.smbcredentials", "/root/.smbpasswd", "/root/.cifs-share", "/etc/.smbcredentials-x"),
            *(
                "/etc/cifs.creds",
                "/etc/cifs-utils/share",
                "/etc/smbcredentials",
                "/etc/samba/credentials",
                "/etc/samba/.credentials",
            ),
            "/root/.davfs2/secrets",
        ),
    ),
    Case(
        "what fstab names, and what it says itself",
        REDHAT,
        {
            TAB: File(
                "//s/a /a cifs credentials=/srv/secret,nofail 0 0\n//s/b /b cifs username=kim,password=hunter22 0 0\n"
            ),
            "/srv/secret": SECRET,
            "/srv/other": SECRET,
        },
        found=(TAB, "/srv/secret"),
        alone=True,  # there is one fstab
    ),
    Case(
        "autofs",
        SUSE,
        {
            "/etc/auto.misc": File("share -fstype=cifs,password=hunter22 ://s/a\n"),
            "/etc/auto.master.d/x.autofs": File("/x /etc/auto.x\n"),
            "/etc/autofs/x": File("share -fstype=nfs4 s:/a\n"),
            "/etc/autofs_ldap_auth.conf": File(
                '<autofs_ldap_sasl_conf authtype="LOGIN" user="kim" secret="hunter22" />\n', 0o600
            ),
        },
        found=("/etc/auto.misc", "/etc/autofs_ldap_auth.conf"),
    ),
    Case("none", ALPINE, {"/etc/samba/smb.conf": File("[global]\n")}),
)
