"""Somebody can log in to a clone

A clone that nobody can log in to is lost. One way in is enough: guestseal-firstboot.service
or cloud-init is enabled and brings the platform's keys and password; an account has a
password and there is a getty, or an sshd that takes it; an account has authorized keys
that an enabled sshd takes. What becomes of root's password is considered (root-password).
Where accounts come from a directory (sssd, LDAP, winbind) nothing is said.

Remedy: enable guestseal-firstboot.service, or give an account a password or a key.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.errors import GuestError
from guestseal.guest import cloud_init, ssh_login, units
from guestseal.guest.authorized_keys import path_for
from guestseal.guest.facts import Account, Guest
from guestseal.guest.shadow import entry
from guestseal.guest.sshd_config import SshdConfig
from guestseal.machine.host import Machine
from guestseal.seal.preflight import NETWORK_STAGE, Concern, Preflight, sshd_enabled

_NO_SHELLS = ("nologin", "false", "sync", "halt", "shutdown")
_DOMAINS = ("/etc/sssd/sssd.conf", "/etc/sssd/conf.d/*.conf")
_DIRECTORIES = frozenset(("ldap", "winbind"))


def _look(guest: Guest, _: Machine) -> Iterator[Concern]:
    tree = guest.tree
    if units.enabled(tree, NETWORK_STAGE) or cloud_init.enabled(tree) or not guest.accounts:
        return
    people = [account for account in guest.accounts if account.shell.rpartition("/")[2] not in _NO_SHELLS]
    if not _asks_a_directory(guest) and not _way_in(guest, people):
        yield Concern(
            "nobody could log in to a clone: no account has a password or a key that would be taken",
            f"`systemctl enable {NETWORK_STAGE}`, or give root or another account a password or an SSH key",
        )


def _way_in(guest: Guest, people: list[Account]) -> bool:
    sshd = SshdConfig.read(guest.tree) if sshd_enabled(guest.tree) else None
    getty = _has_getty(guest)
    for account in people:
        password = _password(guest, account)
        if password is not None and getty:
            return True
        if sshd is not None:
            # An empty password is for the console: PermitEmptyPasswords is no unless it is set.
            if password and ssh_login.password_refused(sshd, account) is None:
                return True
            if _has_keys(guest, sshd, account):
                return True
    return False


def _password(guest: Guest, account: Account) -> str | None:
    """What is stored of the account's password on a clone; None: none opens the account."""
    if account.uid == 0 and guest.choice("root-password", "expire") == "lock":
        return None
    found = entry(guest.tree.read("/etc/shadow", limit=16 << 20) or b"", account.name)
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


def _asks_a_directory(guest: Guest) -> bool:
    """Whether nsswitch.conf(5) has accounts come from elsewhere than passwd(5)."""
    for line in (guest.tree.read_text("/etc/nsswitch.conf") or "").splitlines():
        database, _, services = line.partition("#")[0].partition(":")
        if database.strip() == "passwd":
            # Fedora names sss whether there is a domain or not.
            domain = any(True for pattern in _DOMAINS for _ in guest.tree.glob(pattern))
            return not _DIRECTORIES.isdisjoint(services.split()) or ("sss" in services.split() and domain)
    return False


PREFLIGHT = Preflight(_look)
