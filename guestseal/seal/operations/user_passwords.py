"""Report or lock the passwords of people's accounts

A password that works in the template works in every clone. The setting user-passwords says
what becomes of those of every account that people use but root (see root-password):

keep (the default): which accounts have one is reported.

lock (the default of public-image): no password logs in, and no hash stays in the image, not
even behind a "!". It is kept where nothing would bring a clone SSH keys.

Left on purpose: accounts of services, and those without a password (see empty-passwords).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from guestseal.guest.accounts.people import SHADOW, listed, users_passwords
from guestseal.guest.accounts.shadow import LOCKED, SHADOW_LIMIT, with_entry
from guestseal.guest.actions import Action, Edit
from guestseal.guest.facts import Guest
from guestseal.guest.services.provisioning import brings_keys
from guestseal.report import Finding
from guestseal.seal.operation import Guard, Kind, Operation


def _locks(guest: Guest) -> bool:
    return guest.choice("user-passwords", "keep") == "lock"


def _edits(guest: Guest) -> Iterator[Action]:
    before = after = guest.tree.read(SHADOW, limit=SHADOW_LIMIT) or b""
    for entry in users_passwords(guest) if _locks(guest) else ():
        after = after if entry.holds_nothing else with_entry(after, replace(entry, password=LOCKED))
    if after != before:
        yield Edit(SHADOW, before, after, "lock the passwords of people's accounts")


def _found(guest: Guest) -> Iterator[Finding]:
    names = [entry.name for entry in users_passwords(guest) if entry.usable and entry.password]
    if names and not _locks(guest):
        what = f"every clone has the password of {listed(names)}"
        yield Finding(SHADOW, what, "set user-passwords = lock, or lock it with `passwd -l`")


OPERATION = Operation(
    kind=Kind.SECRET,
    also=_edits,
    findings=_found,
    needs=(
        Guard(
            lambda guest: not _locks(guest) or brings_keys(guest.tree),
            "nothing in this guest would bring a clone SSH keys: enable guestseal-firstboot.service",
        ),
    ),
)
