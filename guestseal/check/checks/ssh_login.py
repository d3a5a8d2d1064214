"""sshd takes the keys that a clone receives

The platform gives a clone SSH keys, and guestseal writes them for one account (setting
`account`, root unless it is set). They are of no use where sshd takes none: PubkeyAuthentication
or PermitRootLogin no, AllowUsers and the like without the account, AuthorizedKeysFile none, a
home directory that others can write to. It fails unless sshd takes the account's password,
which the platform may give as well; then it is a warning. That a password alone is refused is
not reported: it is for the console. What stands under a Match is not looked at.

Where it is cloud-init or a platform's agent that brings the keys, the account is its own affair, and
only what holds for all accounts is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.errors import printable
from guestseal.guest.facts import Account
from guestseal.guest.services import units
from guestseal.guest.services.own_units import NETWORK_STAGE
from guestseal.guest.services.provisioning import brings_keys
from guestseal.guest.ssh import ssh_login
from guestseal.guest.ssh.authorized_keys import path_for
from guestseal.guest.ssh.sshd_config import CONFIGS, SshdConfig
from guestseal.guest.tree import Tree

_REMEDY = (
    "let sshd take keys (PubkeyAuthentication, PermitRootLogin prohibit-password, AllowUsers …) as sshd_config(5) says"
)


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if ssh_login.program(tree) is None or not ssh_login.enabled(tree):
        raise Inapplicable("sshd is not started at boot")
    if not brings_keys(tree):
        raise Inapplicable("nothing brings a clone keys")
    config = SshdConfig.read(tree)
    if units.enabled(tree, NETWORK_STAGE):
        yield from _for_the_account(subject, config)
    else:
        yield from _for_all(tree, config)


def _for_the_account(subject: Subject, config: SshdConfig) -> Iterator[Problem]:
    tree, name = subject.tree, subject.guest.choice("account", "root")
    account = next((each for each in subject.guest.accounts if each.name == name), None)
    if account is None:
        remedy = "make the account in the template, or set `account` to another"
        yield Problem(f"there is no account {printable(name)} for the platform's keys", remedy, "/etc/passwd")
        return
    reachable = ssh_login.password_refused(tree, config, account) is None
    refused = ssh_login.settings_refuse_keys(tree, config, account)
    if refused is not None:
        yield _problem(tree, refused, fails=not reachable)
        return
    path = path_for(account, config.authorized_keys_files)
    if path is None:
        yield _problem(tree, "sshd reads no file of keys: AuthorizedKeysFile none", fails=not reachable)
    elif path.startswith(f"{account.home.rstrip('/')}/"):
        yield from _home(tree, account, fails=not reachable)


def _home(tree: Tree, account: Account, *, fails: bool) -> Iterator[Problem]:
    home = tree.resolve(account.home)
    if home is None:
        if account.uid != 0:
            yield Problem(
                "the account for the platform's keys has no home directory", "make it", account.home, fails=fails
            )
        return
    why, _, remedy = (ssh_login.distrusted(tree, account, home) or "").partition(": ")
    if why:
        yield Problem(f"sshd takes no keys of {printable(account.name)}: {why}", remedy, home, fails=fails)


def _for_all(tree: Tree, config: SshdConfig) -> Iterator[Problem]:
    fails = not (config.password_authentication or config.keyboard_interactive)
    if not config.pubkey_authentication:
        yield _problem(tree, "sshd takes no key: PubkeyAuthentication no", fails=fails)
    elif config.authorized_keys_files == ("none",):
        yield _problem(tree, "sshd reads no file of keys: AuthorizedKeysFile none", fails=fails)


def _problem(tree: Tree, what: str, *, fails: bool) -> Problem:
    return Problem(what, _REMEDY, next((path for path in CONFIGS if tree.is_file(path)), ""), fails=fails)


CHECK = Check(_look, source="sshd_config(5); safe_path() in OpenSSH's misc.c")
