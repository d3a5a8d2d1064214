"""Whether sshd would let an account in, by key or by password.

What sshd demands of a file of keys is safe_path() in OpenSSH's misc.c (StrictModes);
what it grants root is PermitRootLogin in sshd_config(5). AllowUsers, DenyUsers and
what stands under a ``Match`` are not looked at.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator

from guestseal.errors import printable
from guestseal.guest.facts import Account
from guestseal.guest.sshd_config import CONFIGS, SshdConfig
from guestseal.guest.tree import Tree

_SSHD = ("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd")  # Arch has it in /usr/bin


def installed(tree: Tree) -> bool:
    """Whether the guest has an sshd, or the configuration of one that lies elsewhere."""
    return any(tree.is_file(path) for path in (*_SSHD, *CONFIGS))


def keys_refused(tree: Tree, config: SshdConfig, account: Account, path: str) -> str | None:
    """Why sshd would not take the keys in ``path``, with the remedy; None: it takes them."""
    if account.uid == 0 and config.permit_root_login not in ("yes", "prohibit-password"):
        return f"sshd takes no key of root's: PermitRootLogin {config.permit_root_login}"
    real = tree.resolve(path)
    if real is None:
        return f"{printable(path)} does not exist"
    for each in _up_from(real, tree.resolve(account.home)):
        info = tree.lstat(each)
        if info is None or info.st_uid not in (0, account.uid):
            return f"{printable(each)} belongs to another account: chown it (sshd_config(5), StrictModes)"
        if info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return f"{printable(each)} is writable for others: chmod go-w it (sshd_config(5), StrictModes)"
    info = tree.lstat(real)
    if info is None or not _readable(info.st_mode, info.st_uid, info.st_gid, account):
        return f"{printable(real)} cannot be read by {printable(account.name)}, as whom sshd reads it"
    return None


def password_refused(config: SshdConfig, account: Account) -> str | None:
    """Why sshd would not take the account's password, with the remedy; None: it takes it."""
    if account.uid == 0 and config.permit_root_login != "yes":
        return f"sshd takes no password of root's (PermitRootLogin {config.permit_root_login}): it is for the console"
    if not config.password_authentication:
        return "sshd takes no password (PasswordAuthentication no): it is for the console"
    return None


def _readable(mode: int, uid: int, gid: int, account: Account) -> bool:
    if account.uid == 0:
        return True
    wanted = stat.S_IRUSR if uid == account.uid else stat.S_IRGRP if gid == account.gid else stat.S_IROTH
    return bool(mode & wanted)


def _up_from(path: str, home: str | None) -> Iterator[str]:
    """``path`` and the directories above it: up to the home directory, or to the root."""
    while True:
        yield path
        if path in ("/", home):
            return
        path = path.rpartition("/")[0] or "/"
