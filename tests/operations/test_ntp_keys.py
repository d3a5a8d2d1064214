"""Keys that prove the time."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

KEYS = File("# keys\n1 SHA1 HEX:1DC764E0791B11FA67EFC7ECBC4B0D73F68A070C\n", 0o640)
NONE = File("# This is an example chrony keys file.\n#1 MD5 AVeryLongAndRandomPassword\n", 0o640)

CASES = (
    Case("chrony", DEBIAN, {"/etc/chrony/chrony.keys": KEYS}, found=("/etc/chrony/chrony.keys",)),
    Case(
        "chrony in /etc",
        REDHAT,
        {"/etc/chrony.keys": KEYS, "/etc/ntp/keys": KEYS},
        found=("/etc/chrony.keys", "/etc/ntp/keys"),
    ),
    Case(
        "ntpd",
        SUSE,
        {"/etc/ntp.keys": KEYS, "/etc/ntpsec/ntp.keys": KEYS},
        found=("/etc/ntp.keys", "/etc/ntpsec/ntp.keys"),
    ),
    Case("an example only", ALPINE, {"/etc/chrony/chrony.keys": NONE}, alone=True),
)
