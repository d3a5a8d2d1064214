"""Who can log in to a clone, by what the template has: passwords at the console or over SSH, and keys."""

from __future__ import annotations

from guestseal.errors import GuestError
from guestseal.guest.accounts.shadow import SHADOW_LIMIT, entry
from guestseal.guest.facts import Account, Guest
from guestseal.guest.services import units
from guestseal.guest.ssh import ssh_login
from guestseal.guest.ssh.authorized_keys import path_for
from guestseal.guest.ssh.sshd_config import SshdConfig

_NO_SHELLS = ("nologin", "false", "sync", "halt", "shutdown")
_DOMAINS = ("/etc/sssd/sssd.conf", "/etc/sssd/conf.d/*.conf")
_DIRECTORIES = frozenset(("ldap", "winbind"))


def somebody(guest: Guest) -> bool:
    """Whether some account of the guest's has a password or a key that would be taken on a clone.

    What the seal makes of root's password is considered: the choice ``root-password``.
    """
    sshd = SshdConfig.read(guest.tree) if ssh_login.enabled(guest.tree) else None
    getty = _has_getty(guest)
    people = (account for account in guest.accounts if account.shell.rpartition("/")[2] not in _NO_SHELLS)
    return any(_way_in(guest, account, sshd, getty=getty) for account in people)


def asks_a_directory(guest: Guest) -> bool:
    """Whether nsswitch.conf(5) has accounts come from elsewhere than passwd(5)."""
    for line in (guest.tree.read_text("/etc/nsswitch.conf") or "").splitlines():
        database, _, services = line.partition("#")[0].partition(":")
        if database.strip() == "passwd":
            # Fedora names sss whether there is a domain or not.
            domain = any(True for pattern in _DOMAINS for _ in guest.tree.glob(pattern))
            return not _DIRECTORIES.isdisjoint(services.split()) or ("sss" in services.split() and domain)
    return False


def _way_in(guest: Guest, account: Account, sshd: SshdConfig | None, *, getty: bool) -> bool:
    password = _password(guest, account)
    if password is not None and getty:
        return True
    if sshd is None:
        return False
    # An empty password is for the console: PermitEmptyPasswords is no unless it is set.
    taken = password and ssh_login.password_refused(guest.tree, sshd, account) is None
    return bool(taken) or _has_keys(guest, sshd, account)


def _password(guest: Guest, account: Account) -> str | None:
    """What is stored of the account's password on a clone; None: none opens the account."""
    if account.name == "root" and guest.choice("root-password", "expire") == "lock":
        return None
    found = entry(guest.tree.read("/etc/shadow", limit=SHADOW_LIMIT) or b"", account.name)
    return found.password if found is not None and found.usable else None


def _has_getty(guest: Guest) -> bool:
    if units.runs_systemd(guest.tree):
        # systemd-getty-generator(8) starts one on serial consoles, logind one on tty1, unless it is masked.
        return any(units.fragment(guest.tree, name) is not None for name in ("getty@.service", "serial-getty@.service"))
    lines = (guest.tree.read_text("/etc/inittab") or "").splitlines()
    return any("getty" in line and not line.lstrip().startswith("#") for line in lines)


def _has_keys(guest: Guest, sshd: SshdConfig, account: Account) -> bool:
    try:
        path = path_for(account, sshd.authorized_keys_files)
        if path is None or not guest.tree.is_file(path):
            return False
        lines = (guest.tree.read_text(path) or "").splitlines()
    except GuestError:  # a path that no key can be read from safely is no way in
        return False
    given = any(line.strip() and not line.lstrip().startswith("#") for line in lines)
    return given and ssh_login.keys_refused(guest.tree, sshd, account, path) is None
