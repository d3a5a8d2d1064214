"""Second factors of logins."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

SEED = File("JBSWY3DPEHPK3PXP\n", 0o400)
HANDLE = File("kim:HANDLEHANDLE,KEY,es256,+presence\n")

CASES = (
    Case("Google's", DEBIAN, {"/root/.google_authenticator": SEED}, found=("/root/.google_authenticator",)),
    Case(
        "security keys",
        REDHAT,
        {
            **dict.fromkeys(("/etc/u2f_mappings", "/etc/u2f_keys", "/root/.config/Yubico/u2f_keys"), HANDLE),
            "/root/.yubico/challenge-123": SEED,
            "/var/yubico/kim-123": SEED,
            "/root/.yubico/authorized_yubikeys": File("kim:ccccccbchvth\n"),
        },
        found=(
            *("/etc/u2f_mappings", "/etc/u2f_keys", "/root/.config/Yubico/u2f_keys"),
            *("/root/.yubico/challenge-123", "/var/yubico/kim-123"),
        ),
    ),
    Case(
        "one-time passwords in files",
        SUSE,
        dict.fromkeys(("/etc/users.oath", "/etc/security/users.oath", "/etc/liboath/users.oath"), SEED),
        found=("/etc/users.oath", "/etc/security/users.oath", "/etc/liboath/users.oath"),
    ),
    Case(
        "faces",
        DEBIAN,
        {
            **{f"{place}/howdy/models/kim.dat": SEED for place in ("/lib/security", "/usr/lib/security", "/etc")},
            "/etc/howdy/config.ini": File("[core]\ndisabled = false\n"),
        },
        found=tuple(f"{place}/howdy/models/kim.dat" for place in ("/lib/security", "/usr/lib/security", "/etc")),
    ),
    Case("none", ALPINE, {"/root/.config/Yubico/YKPers.conf": File("x\n")}),
)
