"""Remove cloud-init's logs

They hold fingerprints of host keys, and what modules and scripts of the user data printed:
passwords that were set, and their hashes. They are overwritten and removed, old copies as
well, and so are the files that cloud-init's configuration names instead (`output`,
`def_log_file`: cloudinit/util.py, get_config_logfiles).

Left on purpose: what is no regular file. Configurations send the output to /dev/stdout.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.patterns import fits
from guestseal.guest.regular_files import holds_something
from guestseal.guest.services.cloud_init import logfiles
from guestseal.seal.operation import Kind, Operation

_LOGS = "/var/log/cloud-init*.log*"


def _configured(guest: Guest) -> Iterator[Action]:
    for path in logfiles(guest.tree):
        if not fits(_LOGS, path) and holds_something(guest.tree, path):
            yield Remove(path, secret=True)


OPERATION = Operation(kind=Kind.SECRET, remove=(_LOGS,), also=_configured)
