"""The key of encrypted credentials goes where nothing is encrypted with it; credentials are reported."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File, Link

KEY: dict[str, Entry] = {"/var/lib/systemd/credential.secret": File(b"\x00\x01key", 0o400)}
STAYS: dict[str, Entry] = {"/var/lib/systemd/timesync/clock": File("")}
PLAIN: dict[str, Entry] = {
    f"{place}/credstore/db.password": File("hunter22\n", 0o600)
    for place in ("/etc", "/usr/local/lib", "/usr/lib", "/var/lib")
}
ENCRYPTED: dict[str, Entry] = {
    f"{place}/credstore.encrypted/db.password": File("Whxq...", 0o600)
    for place in ("/etc", "/usr/local/lib", "/usr/lib", "/var/lib")
}
KEPT = "credentials were encrypted with it"
UNIT = "/etc/systemd/system/db.service"

CASES = (
    Case("nothing is encrypted", DEBIAN, {**KEY, **STAYS}, STAYS, alone=True),  # beside what is encrypted it is kept
    Case(
        "a unit that says nothing of it",
        REDHAT,
        {**KEY, **STAYS, UNIT: File("[Service]\nLoadCredential=x:/etc/x\n#LoadCredentialEncrypted=x:/etc/x\n")},
        {**STAYS, UNIT: File("[Service]\nLoadCredential=x:/etc/x\n#LoadCredentialEncrypted=x:/etc/x\n")},
        alone=True,
    ),
    Case(
        "a masked unit", SUSE, {**KEY, **STAYS, UNIT: Link("/dev/null")}, {**STAYS, UNIT: Link("/dev/null")}, alone=True
    ),
    Case("encrypted files", REDHAT, {**KEY, **ENCRYPTED}, kept=KEPT, found=tuple(ENCRYPTED)),
    Case(
        "encrypted in a drop-in",
        SUSE,
        {**KEY, f"{UNIT}.d/key.conf": File("[Service]\nSetCredentialEncrypted=key: Whxq\n")},
        kept=KEPT,
    ),
    Case(
        "encrypted in a package's unit",
        DEBIAN,
        {**KEY, "/usr/lib/systemd/system/db.service": File("[Service]\nLoadCredentialEncrypted=key:/etc/db.cred\n")},
        kept=KEPT,
    ),
    Case("in plain text", DEBIAN, PLAIN, found=tuple(PLAIN)),
    Case("no systemd", ALPINE, {"/var/lib/misc/x": File("x")}),
)
