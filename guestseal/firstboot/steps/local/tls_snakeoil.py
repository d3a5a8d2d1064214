"""Give the clone a self-signed TLS certificate of its own.

Debian's ssl-cert makes one key and certificate when it is installed, which the seal removes
(operation tls-snakeoil). Once per clone, and before any daemon starts, make-ssl-cert(8)
makes new ones where either is missing and the program is there. It takes the name that the
machine has at that moment. After a power cut in the middle both are made again: it writes
them in place. A pair that is there when the clone first boots stays.
"""

from __future__ import annotations

import stat

from guestseal.errors import GuestError
from guestseal.firstboot.step import Clone, Result, Step, When
from guestseal.guest.services.tls_snakeoil import CERTIFICATE, KEY, MAKER
from guestseal.guest.tree import Tree
from guestseal.machine.selinux import relabel

COMMAND = ("env", "DEBIAN_FRONTEND=noninteractive", MAKER, "generate-default-snakeoil", "--force-overwrite")
TIMEOUT = 30.0
"""Seconds: it makes one RSA key. The unit's whole time is 120."""
BEGUN = "begun"
"""In the memory: the program was started, and has not been seen to end."""

_MARKS = {KEY: b"PRIVATE KEY-----", CERTIFICATE: b"END CERTIFICATE-----"}


def run(clone: Clone) -> Result:
    """Make the pair and look at it. Raises CommandError, or GuestError when it is not whole."""
    root = clone.root
    if not root.is_file(MAKER):
        return Result(False, "ssl-cert is not installed", memory={})
    missing = [path for path in (KEY, CERTIFICATE) if _is_missing(root, path)]
    if not missing and BEGUN not in clone.memory:
        return Result(False, "there is one", memory={})
    if not clone.live:  # the program knows no other root directory
        return Result(False, f"{KEY} is missing: it is made when this tree boots by itself", complete=False)
    clone.remember({BEGUN: "yes"})
    clone.machine.commands.run(COMMAND, timeout=TIMEOUT)
    for path, mark in _MARKS.items():
        if mark not in (root.read(path) or b""):
            raise GuestError(path, "make-ssl-cert made none that is whole")
    for directory in {path.rpartition("/")[0] for path in _MARKS}:
        root.sync(directory)
    warnings = relabel(clone.machine.commands, [KEY, CERTIFICATE])
    return Result(True, "made with make-ssl-cert", memory={}, warnings=warnings)


def _is_missing(tree: Tree, path: str) -> bool:
    info = tree.stat(path)
    return info is None or (stat.S_ISREG(info.st_mode) and info.st_size == 0)


STEP = Step(run=run, when=When.PER_CLONE, after=("host-keys",))
