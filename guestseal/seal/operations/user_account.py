"""Remove the accounts that are named for it

The account of a builder (packer, vagrant, ubuntu) opens every clone. The setting
remove-users names the accounts to remove; without it nothing is done. An account goes from
passwd, shadow, group, gshadow, subuid and subgid, with a group that is its own, its home
directory, mail, crontab, lingering, AccountsService's entry, and files of sudoers.d that hold
its rules only. Files are overwritten first.

Nothing is done where it would be the last way in: when no other account has a password or
keys, and nothing brings a clone keys. An account of uid 0 is never removed.

Left on purpose: running processes of the account; a home directory that is not its own or
in which another account's lies; what it owns elsewhere; other people's rules for sudo, reported
where they name it as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.accounts.account_removal import removal, sudoers
from guestseal.guest.accounts.people import way_in_without
from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Guard, Kind, Operation


def _named(guest: Guest) -> list[str]:
    return guest.choice("remove-users", "").split()


def _actions(guest: Guest) -> Iterator[Action]:
    names = _named(guest)
    return removal(guest, names) if names else iter(())


def _found(guest: Guest) -> Iterator[Finding]:
    names = _named(guest)
    for path, alone in sudoers(guest.tree, names) if names else ():
        if not alone:
            what = "has rules for an account that is removed, and others"
            yield Finding(path, what, "take the rules of that account out with visudo")


OPERATION = Operation(
    kind=Kind.SECRET,
    also=_actions,
    findings=_found,
    needs=(
        Guard(
            lambda guest: way_in_without(guest, _named(guest)),
            "nobody could log in to a clone: give another account a password or keys, "
            "or enable guestseal-firstboot.service",
        ),
    ),
)
