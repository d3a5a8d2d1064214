"""Accounts that ask for no password."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

LOCKED = "root:!*:19000:0:99999:7:::\nbin:*:19000::::::\n"
MANY = "".join(f"u{number}::19000::::::\n" for number in range(7))

CASES = (
    Case(
        "in shadow", DEBIAN, {"/etc/shadow": File(f"{LOCKED}kim::19000:0:99999:7:::\n", 0o640)}, found=("/etc/shadow",)
    ),
    Case("many", SUSE, {"/etc/shadow": File(MANY, 0o640)}, found=("/etc/shadow",)),
    Case(
        "in passwd itself",
        ALPINE,
        {"/etc/passwd": File("root::0:0:root:/root:/bin/sh\n"), "/etc/shadow": File(LOCKED, 0o640)},
        found=("/etc/passwd",),
    ),
    Case(
        "and over SSH",
        REDHAT,
        {
            "/etc/ssh/sshd_config": File("PermitEmptyPasswords yes\n"),
            "/etc/ssh/sshd_config.d/10-lab.conf": File("permitemptypasswords=yes\n"),
        },
        found=("/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/10-lab.conf"),
    ),
    Case(
        "none",
        REDHAT,
        {
            "/etc/shadow": File(f"{LOCKED}kim:$6$x$y:19000::::::\n+::::::::\n", 0o000),
            "/etc/ssh/sshd_config": File("#PermitEmptyPasswords yes\nPermitEmptyPasswords no\n"),
        },
    ),
)
