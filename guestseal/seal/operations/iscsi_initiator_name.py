"""Have each clone make an iSCSI initiator name of its own

Two initiators with one name that log in to the same disk destroy what is on it. Debian's
open-iscsi makes a new name where /etc/iscsi/initiatorname.iscsi says GenerateName=yes, and fails on a
missing file, so the name is replaced by that. RHEL's, Fedora's, Arch's and later SUSE's
iscsi-init.service and Alpine's init script make a missing file: there it is removed.

The name stays where nothing would make a new one, and where the guest boots from an iSCSI
disk or mounts one, which is given out by this name.

Left on purpose: comments, iscsid.conf.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.boot import iscsi, root_disk
from guestseal.guest.facts import Guest
from guestseal.guest.text_files import edits, texts
from guestseal.seal.operation import Guard, Kind, Operation

_NAME = re.compile(r"^InitiatorName=[^\n]*", re.MULTILINE)


def _name(guest: Guest) -> Iterator[Action]:
    for path, text in texts(guest.tree, iscsi.INITIATOR_NAME):
        if iscsi.generates_on_request(guest.tree):
            yield from edits(path, text, _NAME.sub("GenerateName=yes", text), "a new name at the next start")
        elif _NAME.search(text):
            yield Remove(path)


def _made_again(guest: Guest) -> bool:
    tree = guest.tree
    return iscsi.generates_on_request(tree) or iscsi.generates_when_missing(tree)


OPERATION = Operation(
    kind=Kind.IDENTITY,
    also=_name,
    needs=(
        Guard(_made_again, "nothing in this guest would make a new one: have iscsi-iname do so before iscsid starts"),
        Guard(lambda guest: not root_disk.on_iscsi(guest.tree), "this guest's own disks are given out by it"),
    ),
)
