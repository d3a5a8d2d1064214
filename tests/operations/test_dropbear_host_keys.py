"""Dropbear's keys, and who makes them again."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, Entry, File

KEYS = {f"/etc/dropbear/dropbear_{kind}_host_key": File(b"\x00key", 0o600) for kind in ("rsa", "ed25519")}
INITRAMFS = {"/etc/dropbear/initramfs/dropbear_rsa_host_key": File(b"\x00key", 0o600)}
BINARY = {"/usr/sbin/dropbear": File("ELF", 0o755)}
GONE = {"/etc/dropbear": Dir()}
DEBIANS = {
    "/lib/systemd/system/dropbear.service": File(
        "[Service]\nEnvironmentFile=-/etc/default/dropbear\n"
        'ExecStart=/usr/sbin/dropbear -EF -p "$DROPBEAR_PORT" $DROPBEAR_EXTRA_ARGS\n'
    ),
    "/etc/init.d/dropbear": File("#!/bin/sh\n# dropbearkey made the keys\nexec dropbear\n", 0o755),
}


def defaults(arguments: str) -> dict[str, Entry]:
    """Debian's settings with those extra arguments."""
    return {"/etc/default/dropbear": File(f"# Add -R here\nDROPBEAR_EXTRA_ARGS={arguments}\n")}


FEDORAS = {
    "/usr/lib/systemd/system/dropbear.service": File(
        "[Unit]\nWants=dropbear-keygen.service\n[Service]\nExecStart=/usr/sbin/dropbear -E -F\n"
    ),
    "/usr/lib/systemd/system/dropbear-keygen.service": File("[Service]\nExecStart=/usr/libexec/dropbearkeygen.sh\n"),
}
ARCHS = {"/usr/lib/systemd/system/dropbear.service": File("[Service]\nExecStart=/usr/bin/dropbear -F -R\n")}
ALPINES = {"/etc/init.d/dropbear": File("#!/sbin/openrc-run\nstart() {\n\tdropbearkey -t rsa -f $k\n}\n", 0o755)}

CASES = (
    Case("Alpine", ALPINE, {**BINARY, **ALPINES, **KEYS}, {**BINARY, **ALPINES, **GONE}),
    Case("Fedora", REDHAT, {**SYSTEMD, **BINARY, **FEDORAS, **KEYS}, {**SYSTEMD, **BINARY, **FEDORAS, **GONE}),
    Case(
        "Arch",
        ARCH,
        {**SYSTEMD, "/usr/bin/dropbear": File("ELF", 0o755), **ARCHS, **KEYS},
        {**SYSTEMD, "/usr/bin/dropbear": File("ELF", 0o755), **ARCHS, **GONE},
    ),
    Case(
        "Debian told to make them",
        DEBIAN,
        {**SYSTEMD, **BINARY, **DEBIANS, **defaults('"-w -R"'), **KEYS, **INITRAMFS},
        {**SYSTEMD, **BINARY, **DEBIANS, **defaults('"-w -R"'), **INITRAMFS},
    ),
    Case(
        "Debian as it comes",
        DEBIAN,
        {**SYSTEMD, **BINARY, **DEBIANS, **defaults(""), **KEYS},
        kept="add -R to DROPBEAR_EXTRA_ARGS in /etc/default/dropbear",
    ),
    Case("not installed any more", SUSE, {**KEYS, **INITRAMFS}, INITRAMFS),
)
