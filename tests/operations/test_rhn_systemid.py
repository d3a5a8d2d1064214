"""Systems of Spacewalk and ULN."""

from __future__ import annotations

from support.operation_cases import REDHAT, SUSE, Case
from support.trees import Dir, File

ONLY = (REDHAT, SUSE)  # rhn-client-tools

RHN = "/etc/sysconfig/rhn"
KEPT = {
    f"{RHN}/up2date": File("serverURL=https://uyuni.example.org/XMLRPC\n"),
    f"{RHN}/allowed-actions": Dir(),
    "/var/spool/up2date": Dir(),
}

CASES = (
    Case(
        "registered",
        REDHAT,
        {
            **KEPT,
            f"{RHN}/systemid": File("<params>signature</params>", 0o600),
            f"{RHN}/osad-auth.conf": File("[osad-auth]\npassword = hunter2\n", 0o600),
            f"{RHN}/up2date-uuid": File("rhnuuid=0123\n"),
            "/var/spool/up2date/loginAuth.pkl": File("x", 0o600),
        },
        KEPT,
    ),
    Case("not registered", SUSE, KEPT),
)
