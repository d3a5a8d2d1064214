"""Remove secrets of accounts even if somebody may need them

All that user-secrets reports is overwritten and removed as whole files: private keys of GnuPG
and age, key rings and password stores, database clients' passwords, and files of tools that
hold a password or a token among settings.

Not done unless it is asked for, or the image is to be public. A key that exists nowhere else
is lost, and with it what was encrypted or could be signed with it.

Left on purpose: such files when they hold no secret, and public key rings.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.accounts.user_secrets import paths_of_user_secrets
from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.seal.operation import Kind, Operation, Profile


def _files(guest: Guest) -> Iterator[Action]:
    return (Remove(path, secret=True) for path in paths_of_user_secrets(guest))


OPERATION = Operation(kind=Kind.SECRET, also=_files, default=False, profiles=(Profile.PUBLIC,))
