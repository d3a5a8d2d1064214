"""The key of a host, in both work directories."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

KEY, PUBLIC = File("-----BEGIN RSA PRIVATE KEY-----\n", 0o600), File("-----BEGIN RSA PUBLIC KEY-----\n", 0o600)
OWN, PACKAGED = "/var/cfengine/ppkeys", "/var/lib/cfengine3/ppkeys"

CASES = (
    Case(
        "Debian's package",
        DEBIAN,
        {
            f"{PACKAGED}/localhost.priv": KEY,
            f"{PACKAGED}/localhost.pub": PUBLIC,
            f"{PACKAGED}/root-MD5=0123.pub": PUBLIC,
        },
        found=(f"{PACKAGED}/localhost.priv",),
    ),
    Case("CFEngine's package", REDHAT, {f"{OWN}/localhost.priv": KEY}, found=(f"{OWN}/localhost.priv",)),
    Case("no key yet", SUSE, {OWN: Dir(0o700)}),
    Case("not there", ALPINE, {"/var/lib/cfengine3": Dir()}),
)
