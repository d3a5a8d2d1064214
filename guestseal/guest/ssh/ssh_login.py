"""Whether sshd would let an account in, by key or by password.

What sshd demands of a file of keys is safe_path() in OpenSSH's misc.c (StrictModes);
what it grants root is PermitRootLogin in sshd_config(5); AllowUsers and the like are
allowed_user() in auth.c. What stands under a ``Match`` is not looked at.
"""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from guestseal.errors import printable
from guestseal.guest.facts import Account
from guestseal.guest.services.boot_services import started
from guestseal.guest.ssh.sshd_config import CONFIGS, SshdConfig
from guestseal.guest.tree import Tree

_PROGRAMS = ("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd")  # Arch has it in /usr/bin
_UNITS = ("ssh.service", "sshd.service", "ssh.socket", "sshd.socket")
_GROUP_LIMIT = 16 << 20


def program(tree: Tree) -> str | None:
    """The path of the guest's sshd; None: it has none."""
    return next((path for path in _PROGRAMS if tree.is_file(path)), None)


def installed(tree: Tree) -> bool:
    """Whether the guest has an sshd, or the configuration of one that lies elsewhere."""
    return program(tree) is not None or any(tree.is_file(path) for path in CONFIGS)


def enabled(tree: Tree) -> bool:
    """Whether the guest starts sshd when it boots."""
    return started(tree, _UNITS, ("sshd", "ssh"))


def account_refused(tree: Tree, config: SshdConfig, account: Account) -> str | None:
    """Why sshd would let the account in by no means, with the remedy; None: it would."""
    name = printable(account.name)
    if _listed(config.deny_users, (account.name,), with_host=False):
        return f"sshd lets {name} in by no means: DenyUsers"
    if config.allow_users and not _listed(config.allow_users, (account.name,), with_host=True):
        return f"sshd lets {name} in by no means: AllowUsers names others only"
    if config.deny_groups or config.allow_groups:
        groups = list(_groups(tree, account))
        if _listed(config.deny_groups, groups, with_host=False):
            return f"sshd lets {name} in by no means: DenyGroups"
        if config.allow_groups and not _listed(config.allow_groups, groups, with_host=False):
            return f"sshd lets {name} in by no means: AllowGroups names others only"
    return None


def settings_refuse_keys(tree: Tree, config: SshdConfig, account: Account) -> str | None:
    """Why sshd would take no key of the account's, whatever file it is in; None: it would."""
    if not config.pubkey_authentication:
        return "sshd takes no key: PubkeyAuthentication no"
    refused = account_refused(tree, config, account)
    if refused is not None:
        return refused
    if account.uid == 0 and config.permit_root_login not in ("yes", "prohibit-password"):
        return f"sshd takes no key of root's: PermitRootLogin {config.permit_root_login}"
    return None


def keys_refused(tree: Tree, config: SshdConfig, account: Account, path: str) -> str | None:
    """Why sshd would not take the keys in ``path``, with the remedy; None: it takes them."""
    refused = settings_refuse_keys(tree, config, account)
    if refused is not None:
        return refused
    real = tree.resolve(path)
    if real is None:
        return f"{printable(path)} does not exist"
    for each in _up_from(real, tree.resolve(account.home)):
        unsafe = distrusted(tree, account, each)
        if unsafe is not None:
            return unsafe
    info = tree.lstat(real)
    if info is None or not _readable(info.st_mode, info.st_uid, info.st_gid, account):
        return f"{printable(real)} cannot be read by {printable(account.name)}, as whom sshd reads it"
    return None


def distrusted(tree: Tree, account: Account, path: str) -> str | None:
    """Why sshd trusts no keys in or below ``path``, with the remedy; None: it does."""
    info = tree.lstat(path)
    if info is None or info.st_uid not in (0, account.uid):
        return f"{printable(path)} belongs to another account: chown it (sshd_config(5), StrictModes)"
    if info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return f"{printable(path)} is writable for others: chmod go-w it (sshd_config(5), StrictModes)"
    return None


def password_refused(tree: Tree, config: SshdConfig, account: Account) -> str | None:
    """Why sshd would not take the account's password, with the remedy; None: it takes it."""
    refused = account_refused(tree, config, account)
    if refused is not None:
        return refused
    if account.uid == 0 and config.permit_root_login != "yes":
        return f"sshd takes no password of root's (PermitRootLogin {config.permit_root_login}): it is for the console"
    if not config.password_authentication and not config.keyboard_interactive:
        return "sshd takes no password (PasswordAuthentication no): it is for the console"
    return None


def _listed(patterns: Collection[str], names: Collection[str], *, with_host: bool) -> bool:
    """Whether a pattern fits a name. One for certain hosts counts where ``with_host`` says so."""
    for pattern in patterns:
        user, at, _ = pattern.rpartition("@")
        if at and not with_host:
            continue
        # ssh_config(5), PATTERNS: * and ? and nothing else.
        plain = (user if at else pattern).replace("[", "[[]")
        if any(fnmatchcase(name, plain) for name in names):
            return True
    return False


def _groups(tree: Tree, account: Account) -> Iterator[str]:
    """The account's groups by the guest's group(5)."""
    for line in (tree.read_text("/etc/group", limit=_GROUP_LIMIT) or "").split("\n"):
        fields = line.split(":")
        if len(fields) == 4 and (fields[2] == str(account.gid) or account.name in fields[3].split(",")):
            yield fields[0]


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
