"""Report the SSH keys that open root and people's accounts of every clone

Keys that an administrator put into a template of his own are there on purpose, so they stay; whoever
has the other half can log in to every clone. Reported is each file that sshd reads such keys from.

Remedy: `--operations +authorized-keys` removes them where something brings a clone others, as
the profile public-image does.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.accounts.people import key_files, people
from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation, Profile


def _found(guest: Guest) -> Iterator[Finding]:
    for path in key_files(guest, people(guest)):
        yield Finding(
            path, "holds keys that open every clone", "leave them, or seal with the operation authorized-keys"
        )


# In a public image they are removed, and need no word.
OPERATION = Operation(kind=Kind.SECRET, findings=_found, profiles=(Profile.PRIVATE,))
