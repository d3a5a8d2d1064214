"""An account taken out of a guest with what is kept under its name: home, mail, crontab, rights.

What it owns elsewhere is not looked for: that would take a walk through the whole guest, and
a file outside the home directory may be there for others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guestseal.errors import GuestError, printable
from guestseal.guest.accounts.account_files import own_groups, without_accounts, without_members
from guestseal.guest.actions import Action, Edit, Remove
from guestseal.guest.facts import Account, Guest
from guestseal.guest.tree import Tree

PLACES = (
    *("/var/mail/{}", "/var/spool/mail/{}"),
    *("/var/spool/cron/crontabs/{}", "/var/spool/cron/tabs/{}", "/var/spool/cron/{}"),  # Debian, SUSE, RHEL
    *("/var/lib/AccountsService/users/{}", "/var/lib/AccountsService/icons/{}"),
    "/var/lib/systemd/linger/{}",
)
SUDOERS = "/etc/sudoers.d/*"
_LIMIT = 16 << 20
_RULE = re.compile(r"^[ \t]*(?:Defaults:)?(?P<who>[^\s#=]+)[^\n]*", re.MULTILINE)


def removal(guest: Guest, names: Sequence[str]) -> Iterator[Action]:
    """Everything there is to do; passwd(5) goes last, so that an interrupted removal still knows the homes.

    Raises GuestError where one of ``names`` is root's or another account of uid 0.
    """
    gone = [account for account in guest.accounts if account.name in names]
    for account in gone:
        if account.uid == 0:
            raise GuestError("/etc/passwd", f"{printable(account.name)} has root's uid and is never removed")
    others = [account for account in guest.accounts if account.name not in names]
    yield from (Remove(home, secret=True) for home in homes(guest, gone, others))
    places = (guest.tree.resolve(place.format(name), follow=False) for place in PLACES for name in names)
    found = dict.fromkeys(path for path in places if path is not None)
    for path in (*found, *(path for path, alone in sudoers(guest.tree, names) if alone)):
        yield Remove(path, secret=True)
    yield from _edits(guest.tree, gone, others, names)


def homes(guest: Guest, gone: Sequence[Account], others: Sequence[Account]) -> list[str]:
    """The home directories that are the removed accounts' own: theirs by uid, and nobody else's lies there."""
    tree, found = guest.tree, dict[str, None]()
    kept = [home for home in (tree.resolve(account.home) for account in others if account.home[:1] == "/") if home]
    for account in gone:
        home = tree.resolve(account.home) if account.home.startswith("/") else None
        info = None if home is None or home not in guest.homes else tree.lstat(home)
        if home is None or info is None or info.st_uid != account.uid:
            continue
        if not any(f"{other}/".startswith(f"{home}/") for other in kept):
            found[home] = None
    return list(found)


def sudoers(tree: Tree, names: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The files of sudoers.d with rules for ``names``, and whether they hold no rule for anybody else."""
    for path in tree.glob(SUDOERS):
        if tree.is_file(path):
            found = _RULE.finditer(tree.read_text(path) or "")
            rules = {name for each in found for name in each["who"].split(",")}
            if not rules.isdisjoint(names):
                yield path, rules <= set(names)


def _edits(tree: Tree, gone: Sequence[Account], others: Sequence[Account], names: Sequence[str]) -> Iterator[Action]:
    groups = own_groups(tree.read("/etc/group", limit=_LIMIT) or b"", gone, others)
    # subuid(5) names an account by name or by number.
    shared = {account.uid for account in others}
    owners = [*names, *(str(account.uid) for account in gone if account.uid not in shared)]
    for path in ("/etc/subuid", "/etc/subgid", "/etc/gshadow", "/etc/group", "/etc/shadow", "/etc/passwd"):
        before = tree.read(path, limit=_LIMIT) or b""
        if path in ("/etc/group", "/etc/gshadow"):
            after = without_members(before, names, groups)
        else:
            after = without_accounts(before, owners if "sub" in path else names)
        if after != before:
            # An empty line is none for those who read it, and an account file that is empty is taken for lost.
            yield Edit(path, before, after or b"\n", "without the accounts that remove-users names")
