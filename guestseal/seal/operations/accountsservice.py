"""Remove what login screens know of accounts

AccountsService keeps each account's picture, language, session and whether it was the last
one for the login screen. It names the people who used the template.

Done on demand only. Left on purpose: entries with SystemAccount=true, which keep an account
off the login screen; the directories.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.seal.operation import Kind, Operation

_HIDDEN = re.compile(r"^[ \t]*SystemAccount[ \t]*=[ \t]*true\b", re.MULTILINE | re.IGNORECASE)


def _entries(guest: Guest) -> Iterator[Action]:
    tree = guest.tree
    for path in tree.glob("/var/lib/AccountsService/users/*"):
        info = tree.lstat(path)
        if info is not None and stat.S_ISREG(info.st_mode) and not _HIDDEN.search(tree.read_text(path) or ""):
            yield Remove(path)


OPERATION = Operation(kind=Kind.CLUTTER, remove=("/var/lib/AccountsService/icons/*",), also=_entries, default=False)
