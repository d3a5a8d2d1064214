"""Expire or lock root's password

A template's root password opens every clone. The setting root-password says what becomes
of it:

expire (the default): the password still logs in once, and a new one must be chosen at
once; an account without a password is made to choose one, too.

lock: no password logs in, and no hash stays in the image: not even behind the "!" that
passwd -l puts before it, where it could still be guessed.

keep: nothing is done.

Left on purpose: a root account that is locked already; the passwords of other accounts;
SSH keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from guestseal.errors import UsageError
from guestseal.guest.accounts.shadow import LOCKED, entry, with_entry
from guestseal.guest.actions import Action, Edit
from guestseal.guest.facts import Guest
from guestseal.seal.operation import Kind, Operation

SHADOW = "/etc/shadow"


def _root(guest: Guest) -> Iterator[Action]:
    choice = guest.choice("root-password", "expire")
    if choice not in ("expire", "lock", "keep"):
        raise UsageError(f"root-password is expire, lock or keep, not {choice!r}")
    content = guest.tree.read(SHADOW, limit=16 << 20) or b""
    root = entry(content, "root")
    if root is None or choice == "keep":
        return
    if choice == "expire" and root.usable and not root.must_change:
        # shadow(5): 0 means that the password must be changed at the next login.
        changed = replace(root, last_change="0")
    elif choice == "lock" and not root.holds_nothing:
        changed = replace(root, password=LOCKED)
    else:
        return
    yield Edit(SHADOW, content, with_entry(content, changed), f"{choice} root's password")


OPERATION = Operation(kind=Kind.IDENTITY, also=_root)
