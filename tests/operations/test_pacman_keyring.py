"""pacman's key ring, where a clone makes its own and where nothing would."""

from __future__ import annotations

from support.operation_cases import ARCH, SYSTEMD, Case
from support.trees import Dir, File, Link

from guestseal.seal.operations.pacman_keyring import CONTENT, DROP_IN

ONLY = (ARCH,)  # pacman

RING = "/etc/pacman.d/gnupg"
UNIT = "/etc/systemd/system/pacman-init.service"
ENABLED = {
    **SYSTEMD,
    UNIT: File("[Unit]\nConditionFirstBoot=yes\n[Service]\nType=oneshot\nExecStart=/usr/bin/pacman-key --init\n"),
    "/etc/systemd/system/multi-user.target.wants/pacman-init.service": Link(UNIT),
}
MIRRORS = {"/etc/pacman.d/mirrorlist": File("Server = https://mirror.example.org/$repo/os/$arch\n")}
KEYS = {
    RING: Dir(0o755),
    f"{RING}/pubring.gpg": File(b"\x99\x01public"),
    f"{RING}/trustdb.gpg": File(b"\x01gpg"),
    f"{RING}/gpg.conf": File("no-greeting\n"),
    f"{RING}/private-keys-v1.d": Dir(0o700),
    f"{RING}/private-keys-v1.d/0123.key": File("Key: (private-key PRIVATE KEY)\n", 0o600),
    f"{RING}/openpgp-revocs.d/0123.rev": File("revocation\n", 0o600),
}

CASES = (
    Case(
        "Arch's cloud image",
        ARCH,
        {**ENABLED, **MIRRORS, **KEYS},
        {**ENABLED, **MIRRORS, RING: Dir(0o755), DROP_IN: File(CONTENT)},
    ),
    Case(
        "sealed a second time",
        ARCH,
        {**ENABLED, **MIRRORS, **KEYS, DROP_IN: File(CONTENT)},
        {**ENABLED, **MIRRORS, RING: Dir(0o755), DROP_IN: File(CONTENT)},
    ),
    Case("nothing would make a new one", ARCH, {**SYSTEMD, **MIRRORS, **KEYS}, kept="nothing would make a new one"),
    Case("no key ring yet", ARCH, {**SYSTEMD, **MIRRORS, RING: Dir()}),
)
