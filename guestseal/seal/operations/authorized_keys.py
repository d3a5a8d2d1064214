"""Remove the SSH keys that open the accounts of root and of people

A key that a builder or an administrator left in the template opens every clone to whoever
has its other half; marketplaces refuse an image with one. Removed is each file that sshd reads
the keys of root and of people from (AuthorizedKeysFile), and what /etc/skel gives new accounts.

Done in a public image and on demand only: in a template of one's own the keys are the
administrator's. They are kept where nothing would bring others: guestseal-firstboot.service,
cloud-init, Azure's and Google's agents, OpenNebula's context or tiny-cloud.

Left on purpose: the directories with owner and mode; empty files. Keys of service accounts
(git, backup) and of nobody are reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.accounts.people import key_files, people
from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files
from guestseal.guest.services.provisioning import brings_keys
from guestseal.report import Finding
from guestseal.seal.operation import Guard, Kind, Operation, Profile, in_homes

USUAL = ("{home}/.ssh/authorized_keys", "{home}/.ssh/authorized_keys2")


def _keys(guest: Guest) -> Iterator[Action]:
    to_come = [path for path in _usual(guest) if path.startswith("/etc/skel/")]
    yield from (Remove(path, secret=True) for path in dict.fromkeys((*key_files(guest, people(guest)), *to_come)))


def _usual(guest: Guest) -> Iterator[str]:
    return regular_files(guest.tree, (full for name in USUAL for full in in_homes(guest, name)))


def _found(guest: Guest) -> Iterator[Finding]:
    gone = {action.path for action in _keys(guest)}
    read = key_files(guest, guest.accounts)
    for path in dict.fromkeys((*read, *_usual(guest))):
        if path not in gone:
            what = "opens a service account of every clone" if path in read else "holds keys that sshd reads for nobody"
            yield Finding(path, what, "remove it, unless every clone needs it")


OPERATION = Operation(
    kind=Kind.SECRET,
    also=_keys,
    findings=_found,
    default=False,
    profiles=(Profile.PUBLIC,),
    needs=(
        Guard(
            lambda guest: brings_keys(guest.tree),
            "nothing in this guest would bring a clone other keys: enable guestseal-firstboot.service",
        ),
    ),
)
