"""Cockpit makes its own certificate again, not an administrator's."""

from __future__ import annotations

from support.certificates import ISSUED, PRIVATE_KEY, SELF_SIGNED, SSCG
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

DIRECTORY = "/etc/cockpit/ws-certs.d"
SITE = {
    f"{DIRECTORY}/10-example.cert": File(ISSUED, 0o640),
    f"{DIRECTORY}/10-example.key": File(PRIVATE_KEY, 0o640),
    "/etc/cockpit/disallowed-users": File("root\n"),
}

CASES = (
    Case(
        "made by sscg",
        REDHAT,
        {
            f"{DIRECTORY}/0-self-signed.cert": File(SSCG),
            f"{DIRECTORY}/0-self-signed.key": File(PRIVATE_KEY, 0o600),
            f"{DIRECTORY}/0-self-signed-ca.pem": File(SSCG),
            **SITE,
        },
        SITE,
    ),
    Case(
        "certificate and key in one file, and openssl's name",
        DEBIAN,
        {
            f"{DIRECTORY}/0-self-signed.pem": File(SELF_SIGNED + PRIVATE_KEY, 0o640),
            f"{DIRECTORY}/0-self-signed.crt": File(SELF_SIGNED),
        },
        {DIRECTORY: Dir()},
    ),
    Case("a site's own", SUSE, SITE),
    Case("no Cockpit", ALPINE, {"/etc/cockpit/cockpit.conf": File("[WebService]\n")}),
)
