"""Backups of passwd, shadow and their kin."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

OLD = File("root:$6$old$hash:1::::::\n", 0o600)
FILES = {"/etc/passwd": File("root:x:0:0::/root:/bin/sh\n"), "/etc/shadow": File("root:*:1::::::\n", 0o600)}

CASES = (
    Case(
        "Debian",
        DEBIAN,
        {
            **FILES,
            **{f"/etc/{name}-": OLD for name in ("passwd", "shadow", "group", "gshadow", "subuid", "subgid")},
            **{f"/var/backups/{name}.bak": OLD for name in ("passwd", "shadow", "group", "gshadow")},
            "/var/backups/dpkg.status.0": File("Package: x\n"),
        },
        {**FILES, "/var/backups/dpkg.status.0": File("Package: x\n")},
    ),
    Case(
        "RHEL with remembered passwords",
        REDHAT,
        {
            **FILES,
            "/etc/shadow-": OLD,
            "/etc/security/opasswd": File("kim:1000:1:$6$old\n", 0o600),
            "/etc/security/opasswd.old": File("kim:1000:1:$6$old\n", 0o600),
            "/etc/.pwd.lock": File("", 0o600),
        },
        {**FILES, "/etc/security/opasswd": File("", 0o600), "/etc/.pwd.lock": File("", 0o600)},
    ),
    Case(
        "SUSE",
        SUSE,
        {**FILES, **{f"/etc/{name}.YaST2save": OLD for name in ("passwd", "shadow", "group")}},
        FILES,
    ),
    Case(
        "changes that were interrupted",
        ALPINE,
        {
            **FILES,
            **{f"/etc/{name}+": OLD for name in ("passwd", "shadow", "group", "gshadow", "subuid", "subgid")},
            **{f"/etc/{name}": OLD for name in ("npasswd", "nshadow", "security/nopasswd")},
        },
        {**FILES, "/etc/security": Dir()},
    ),
    Case("none kept", ALPINE, {**FILES, "/var/backups": Dir(), "/etc/shadow-tool.conf": File("x\n")}),
)
