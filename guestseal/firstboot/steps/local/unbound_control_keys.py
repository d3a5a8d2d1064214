"""Give the clone keys of its own for Unbound's remote control.

unbound-control(8) and Unbound know each other by two pairs in /etc/unbound, which the seal removes
(operation unbound-control-keys). Once per clone, and before Unbound starts, unbound-control-setup(8)
makes all of them anew where one is missing, as long as unbound.conf has a use for them: remote
control is on and takes TCP connections. They are made in a private directory, looked at and then
renamed into place; after a power cut in between, all are made again. Pairs that are whole when
the clone first boots stay. On Enterprise Linux Unbound's own unit makes them.
"""

from __future__ import annotations

from guestseal.errors import GuestError
from guestseal.firstboot.step import Clone, Result, Step, When
from guestseal.guest.services.unbound_keys import (
    DIRECTORY,
    FILES,
    KEYS,
    MAKER,
    are_made_by_package,
    are_needed,
    can_be_made,
)
from guestseal.guest.staging import Staging, clear, staged
from guestseal.guest.tree import Tree
from guestseal.machine.selinux import relabel

TIMEOUT = 30.0
"""Seconds: it makes two RSA keys of 3072 bits. The unit's whole time is 120."""


def run(clone: Clone) -> Result:
    """Make the pairs and look at them. Raises CommandError, or GuestError when one is not whole."""
    root = clone.root
    if not can_be_made(root) or not are_needed(root) or are_made_by_package(root):
        return Result(False, "Unbound has no use for them, or makes them itself")
    clear(root, DIRECTORY)
    if not any(_is_missing(root, path) for path in FILES):
        return Result(False, "there are some")
    if not clone.live:  # the program is the guest's own
        return Result(False, "they are missing, and made when this tree boots by itself", complete=False)
    info = root.stat(DIRECTORY)
    owner = (0, 0 if info is None else info.st_gid)
    with staged(root, DIRECTORY) as staging:
        command = (MAKER, "-d", f"/proc/self/fd/{staging.fd}")
        clone.machine.commands.run(command, timeout=TIMEOUT, descriptors=(staging.fd,))
        for path in FILES:
            _require_whole(staging, path)
            staging.settle(_name(path), mode=0o640, owner=owner)
        for path in FILES:
            staging.place(_name(path), path)
    warnings = relabel(clone.machine.commands, list(FILES))
    return Result(True, "made with unbound-control-setup", warnings=warnings)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _require_whole(staging: Staging, path: str) -> None:
    mark = b"PRIVATE KEY-----" if path in KEYS else b"END CERTIFICATE-----"
    content = staging.root.read(f"{staging.path}/{_name(path)}") or b""
    if content.count(mark) != (2 if path in KEYS else 1):
        raise GuestError(path, "unbound-control-setup made none that is whole")


def _is_missing(tree: Tree, path: str) -> bool:
    info = tree.stat(path)
    return info is None or info.st_size == 0


STEP = Step(run=run, when=When.PER_CLONE, after=("host-keys",))
