"""Remove the instance ID that Google's guest agent noted

With another ID than its platform's the agent treats the machine as one that starts for the
first time. It compares by itself, so this is for the clone that runs elsewhere, and for old
agents. /etc/boto.cfg goes where the agent's header says that it made it (instance_setup of
google/compute-image-packages); it names the template's project.

Left on purpose: a boto.cfg that somebody wrote; /etc/default/instance_configs.cfg, which is
configuration; google_sudoers; and google_users, by which the agent takes back from a clone
what it had given to the template's users.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files, says
from guestseal.seal.operation import Kind, Operation

_GENERATED = re.compile(rb"(?s)\A[#\s]*This file is automatically created[#\s]+at boot time by the.*google")


def _boto(guest: Guest) -> Iterator[Action]:
    for path in regular_files(guest.tree, ("/etc/boto.cfg",)):
        if says(guest.tree, path, _GENERATED):
            yield Remove(path)


OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=("/etc/google_instance_id", "/etc/instance_id"),  # the second one: agents before 2014
    also=_boto,
)
