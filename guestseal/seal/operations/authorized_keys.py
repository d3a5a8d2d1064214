"""Remove the SSH keys that open the accounts of root and of people

A key that a builder or an administrator left in the template opens every clone to whoever
has its other half; marketplaces refuse an image with one. Removed is each file that sshd
reads the keys of root and of people's accounts from (AuthorizedKeysFile in sshd_config(5)).

Done in a public image and on demand only: in a template of one's own the keys are the
administrator's. They are kept where nothing would bring others: guestseal-firstboot.service,
cloud-init, Azure's and Google's agents, OpenNebula's context or tiny-cloud.

Left on purpose: the directories with owner and mode; the keys of service accounts (git,
backup), which are reported; empty files.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.people import key_files, people
from guestseal.guest.provisioning import brings_keys
from guestseal.report import Finding
from guestseal.seal.operation import Guard, Kind, Operation, Profile


def _keys(guest: Guest) -> Iterator[Action]:
    yield from (Remove(path, secret=True) for path in key_files(guest, people(guest)))


def _found(guest: Guest) -> Iterator[Finding]:
    of_people = key_files(guest, people(guest))
    for path in key_files(guest, guest.accounts):
        if path not in of_people:
            yield Finding(path, "opens a service account of every clone", "remove it, unless every clone needs it")


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
