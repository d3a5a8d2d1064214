"""Keys that kernel modules are signed with."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU, Case
from support.trees import Dir, File

KEY, PUBLIC = File("-----BEGIN PRIVATE KEY-----\nMIIE\n", 0o600), File(b"\x30\x82public")

CASES = (
    Case(
        "DKMS",
        DEBIAN,
        {"/var/lib/dkms/mok.key": KEY, "/var/lib/dkms/mok.pub": PUBLIC},
        found=("/var/lib/dkms/mok.key",),
    ),
    Case(
        "shim-signed",
        UBUNTU,
        {"/var/lib/shim-signed/mok/MOK.priv": KEY, "/var/lib/shim-signed/mok/MOK.der": PUBLIC},
        found=("/var/lib/shim-signed/mok/MOK.priv",),
    ),
    Case(
        "akmods",
        REDHAT,
        {"/etc/pki/akmods/private/host_0123.priv": KEY, "/etc/pki/akmods/certs/host_0123.der": PUBLIC},
        found=("/etc/pki/akmods/private/host_0123.priv",),
    ),
    Case(
        "a kernel's own",
        SUSE,
        {"/usr/src/linux-6.4.0/certs/signing_key.pem": KEY, "/usr/src/linux-6.4.0/certs/default_x509.genkey": PUBLIC},
        found=("/usr/src/linux-6.4.0/certs/signing_key.pem",),
    ),
    Case("no key", ALPINE, {"/var/lib/dkms": Dir(), "/usr/src/linux-headers-6.6.1-0-lts/certs/Makefile": PUBLIC}),
)
