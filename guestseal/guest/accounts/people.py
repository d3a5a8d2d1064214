"""Which accounts of a guest are people's: root and those login.defs(5) counts as users."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from guestseal.errors import GuestError, printable
from guestseal.guest.accounts.shadow import SHADOW_LIMIT, ShadowEntry, entry
from guestseal.guest.facts import Account, Guest
from guestseal.guest.services.provisioning import brings_keys
from guestseal.guest.ssh.authorized_keys import path_for
from guestseal.guest.ssh.sshd_config import SshdConfig
from guestseal.guest.tree import Tree

SHADOW = "/etc/shadow"
_LISTED = 5
_DEFAULTS = {"UID_MIN": 1000, "UID_MAX": 60000}
_LIMIT = re.compile(r"^[ \t]*(UID_MIN|UID_MAX)[ \t]+(\d{1,9})\b", re.MULTILINE)
_NO_SHELLS = ("nologin", "false", "true", "sync", "halt", "shutdown", "git-shell")


def people(guest: Guest) -> list[Account]:
    """root, and every account with a user's number and a shell; the first line of a name counts."""
    least, most = _range(guest.tree)
    seen: dict[str, Account] = {}
    for account in guest.accounts:
        seen.setdefault(account.name, account)
    return [
        account
        for account in seen.values()
        if account.uid == 0 or (least <= account.uid <= most and _has_shell(account))
    ]


def passwords(tree: Tree, accounts: list[Account]) -> Iterator[ShadowEntry]:
    """The shadow entries of those ``accounts`` that have one."""
    content = tree.read(SHADOW, limit=SHADOW_LIMIT) or b""
    for account in accounts:
        found = entry(content, account.name)
        if found is not None:
            yield found


def users_passwords(guest: Guest) -> Iterator[ShadowEntry]:
    """The shadow entries of people's accounts but root's; another account of uid 0 has a password of its own."""
    return passwords(guest.tree, [account for account in people(guest) if account.name != "root"])


def key_files(guest: Guest, accounts: Iterable[Account]) -> list[str]:
    """The files that sshd reads keys of ``accounts`` from and that hold something, each once; links not followed."""
    tree, found = guest.tree, dict[str, None]()
    patterns = SshdConfig.read(tree).authorized_keys_files
    for account, pattern in ((account, pattern) for account in accounts for pattern in patterns):
        try:
            named = path_for(account, [pattern])
            path = None if named is None else tree.resolve(named, follow=False)
            info = None if path is None else tree.stat(path)
        except GuestError as error:  # a token, a home or a link that gives no path: sshd finds no key there either
            tree.passed_over[error.path] = error.why
            continue
        if path is not None and info is not None and info.st_size:
            found[path] = None
    return list(found)


def way_in_without(guest: Guest, names: Collection[str]) -> bool:
    """Whether somebody can log in to a clone without the accounts ``names``: by a password, keys, or the platform's."""
    left = [account for account in people(guest) if account.name not in names]
    return (
        brings_keys(guest.tree)
        or any(_opens(guest, found) for found in passwords(guest.tree, left))
        or bool(key_files(guest, left))
    )


def listed(names: Sequence[str]) -> str:
    """The first of ``names`` for a sentence, and how many more there are."""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(printable(name) for name in names[:_LISTED]) + more


def _opens(guest: Guest, found: ShadowEntry) -> bool:
    """Whether the password opens the account, after what root-password makes of root's."""
    locked = found.name == "root" and guest.choice("root-password", "expire") == "lock"
    return found.usable and bool(found.password) and not locked


def _has_shell(account: Account) -> bool:
    return account.shell.rpartition("/")[2] not in _NO_SHELLS


def _range(tree: Tree) -> tuple[int, int]:
    """UID_MIN and UID_MAX: 500 and up on RHEL 6, 1000 and up since."""
    # SUSE has the file below /usr/etc and lets the one in /etc be missing.
    path = next((path for path in ("/etc/login.defs", "/usr/etc/login.defs") if tree.is_file(path)), None)
    said = {} if path is None else {name: int(value) for name, value in _LIMIT.findall(tree.read_text(path) or "")}
    return said.get("UID_MIN", _DEFAULTS["UID_MIN"]), said.get("UID_MAX", _DEFAULTS["UID_MAX"])
