"""TinySSH's key directory, and who makes it again."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, File

KEYS = {
    "/etc/tinyssh/sshkeydir/ed25519.pk": File(b"\x00pub"),
    "/etc/tinyssh/sshkeydir/.ed25519.sk": File(b"\x00key", 0o600),
}
BINARY = {"/usr/sbin/tinysshd": File("ELF", 0o755)}
MAKES = {
    "/lib/systemd/system/tinysshd@.service": File(
        "[Service]\nExecStartPre=-/usr/sbin/tinysshd-makekey -q /etc/tinyssh/sshkeydir\nExecStart=/usr/sbin/tinysshd\n"
    )
}
ARCH_UNITS = {
    "/usr/lib/systemd/system/tinyssh@.service": File(
        "[Unit]\nRequires=tinysshgenkeys.service\n[Service]\nExecStart=-/usr/bin/tinysshd\n"
    ),
    "/usr/lib/systemd/system/tinysshgenkeys.service": File(
        "[Unit]\nConditionPathExists=!/etc/tinyssh/sshkeydir\n"
        "[Service]\nExecStart=/usr/bin/tinysshd-makekey /etc/tinyssh/sshkeydir\n"
    ),
}
GONE = {"/etc/tinyssh": Dir()}

CASES = (
    Case("Debian", DEBIAN, {**SYSTEMD, **BINARY, **MAKES, **KEYS}, {**SYSTEMD, **BINARY, **MAKES, **GONE}),
    Case(
        "Arch",
        ARCH,
        {**SYSTEMD, "/usr/bin/tinysshd": File("ELF", 0o755), **ARCH_UNITS, **KEYS},
        {**SYSTEMD, "/usr/bin/tinysshd": File("ELF", 0o755), **ARCH_UNITS, **GONE},
    ),
    Case("not installed any more", REDHAT, KEYS, GONE),
    Case(
        "nothing would make them", ALPINE, {**BINARY, **KEYS}, kept="no unit in this guest would run tinysshd-makekey"
    ),
    Case("no keys yet", SUSE, {**SYSTEMD, **BINARY, **MAKES, **GONE}),
)
