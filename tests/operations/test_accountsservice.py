"""What login screens know of accounts, and who is hidden from them."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

USERS, ICONS = "/var/lib/AccountsService/users", "/var/lib/AccountsService/icons"
HIDDEN = {f"{USERS}/builder": File("[User]\nSystemAccount=true\n", 0o600)}
KIM = {f"{USERS}/kim": File("[User]\nSession=gnome\nSystemAccount=false\n", 0o600), f"{ICONS}/kim": File(b"\x89PNG")}

CASES = (
    Case("Debian", DEBIAN, {**HIDDEN, **KIM}, {**HIDDEN, ICONS: Dir()}),
    Case("RHEL", REDHAT, KIM, {USERS: Dir(), ICONS: Dir()}),
    Case("nobody but the hidden", SUSE, {**HIDDEN, ICONS: Dir(0o775)}),
    Case("not installed", ALPINE, {"/var/lib/AccountService/users/kim": File("[User]\n")}),
)
