"""No account of an image for everybody has a password

Marketplaces refuse an image with one: whoever makes it knows it, and so does whoever reads the
image. Nor may a hash stay behind the lock of `passwd -l`, where it can be guessed, nor an account
ask for no password at all. What counts is what the image has, whatever the settings of a
seal make of passwords (see root-password and user-passwords).

Of people's accounts DigitalOcean's checker takes every field but !, !! and * for a password;
systemd-sysusers writes !* for accounts of services.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.errors import printable
from guestseal.guest.accounts.people import SHADOW, passwords, people
from guestseal.guest.accounts.shadow import ShadowEntry

_EMPTY = ("!", "!!", "*")
_REMEDY = "`usermod -p '*' {}`, or seal with root_password and user_passwords = lock"


def _look(subject: Subject) -> Iterator[Problem]:
    guest = subject.guest
    if not subject.tree.is_file(SHADOW):
        raise Inapplicable("there is no /etc/shadow")
    of_people = {account.name for account in people(guest)}
    for entry in passwords(subject.tree, list(guest.accounts)):
        what, name = _found(entry), printable(entry.name)
        if what is not None:
            yield Problem(f"the account {name} {what}", _REMEDY.format(name), SHADOW)
        elif entry.name in of_people and entry.password not in _EMPTY:
            what = f"the account {name} is locked by what an image checker takes for a password"
            yield Problem(what, _REMEDY.format(name), SHADOW, fails=False)


def _found(entry: ShadowEntry) -> str | None:
    if entry.usable:
        return "has a password that opens every clone" if entry.password else "asks for no password"
    return None if entry.holds_nothing else "keeps a password's hash behind its lock"


CHECK = Check(
    _look,
    source='digitalocean/marketplace-partners, 99-img-check.sh; AWS Marketplace, "AMI-based product requirements"',
    profiles=("aws", "azure", "digitalocean", "gcp"),
)
