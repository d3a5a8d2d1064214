"""What the tests of the password step share."""

from __future__ import annotations

from support.clones import CloneTree

from guestseal.guest.accounts.shadow import ShadowEntry, entry
from guestseal.machine.crypt import SHA512, hash_password

SECRET = b"S3cret: with=blanks and %$"


def shadow(vm: CloneTree, name: str = "root") -> ShadowEntry:
    """The account's entry."""
    found = entry(vm.read("/etc/shadow").encode(), name)
    assert found is not None
    return found


def hash_of(password: bytes, method: str = SHA512) -> bytes:
    """What a platform gives in place of the password."""
    return hash_password(password, method).encode()


GIVEN = hash_of(SECRET)
