"""GnuPG's sockets and locks; its keys stay."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, Fifo, File

HOME = "/root/.gnupg"
KEYS = {
    HOME: Dir(0o700),
    f"{HOME}/pubring.kbx": File("KBXf\n"),
    f"{HOME}/trustdb.gpg": File("gpg"),
    f"{HOME}/private-keys-v1.d/0A.key": File("(11:private-key", 0o600),
    f"{HOME}/public-keys.d/pubring.db": File("SQLite"),
}
STATE = {
    f"{HOME}/S.gpg-agent": Fifo(0o600),
    f"{HOME}/S.keyboxd": File("%Assuan%\nsocket=/run/user/0/x\n"),
    f"{HOME}/pubring.kbx.lock": File("      1234\nmaster\n"),
    f"{HOME}/.#lk0x000055d0.master.1234": File("      1234\nmaster\n"),
    f"{HOME}/public-keys.d/pubring.db.lock": File("      1234\nmaster\n"),
    f"{HOME}/public-keys.d/.#lk0x000055d0.master.1234": File("      1234\nmaster\n"),
}

CASES = (
    Case("an agent ran", DEBIAN, {**KEYS, **STATE}, KEYS),
    Case("Enterprise Linux", REDHAT, {**KEYS, **STATE}, KEYS),
    Case("keys alone", SUSE, KEYS),
    Case("no GnuPG", ALPINE, {"/root/.profile": File("PATH=/bin\n"), "/root/S.gpg-agent": File("mine\n")}),
)
