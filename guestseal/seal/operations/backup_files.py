"""Remove backup copies of configuration files

Copies made by editors, administrators and package managers (*.bak, *~, *.rpmsave, *.dpkg-old …)
hold passwords that were changed since. They are removed in /etc and in /root, regular files only.

Not done unless asked for: somebody may need the old one. Elsewhere a name says too little: a
database server's *.bak is what the template is for. Left on purpose: what is protected, and
version control (see etckeeper). Copies of the account files are an operation of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.protected import protection
from guestseal.guest.regular_files import holds_something
from guestseal.seal.operation import Kind, Operation

_COPY = re.compile(
    r"""[^/]+(?:~|\.(?:bak|orig|swp|curtin\.old
        |rpmsave|rpmnew|rpmorig|dpkg-(?:old|dist|new|tmp|bak)|ucf-(?:old|dist|new)|pacsave|pacnew|pacorig|apk-new))
    | \.\#[^/]+ | \._cfg\d{4}_[^/]+""",
    re.VERBOSE,
)
_VERSIONED = re.compile(r"/etc/(?:\.git|\.hg|\.bzr|_darcs)/")


def _copies(guest: Guest) -> Iterator[Action]:
    for top in ("/etc", "/root"):
        for path in guest.tree.glob(f"{top}/**"):
            if _COPY.fullmatch(path.rpartition("/")[2]) is None or _VERSIONED.match(path):
                continue
            if protection(path) is None and holds_something(guest.tree, path):
                yield Remove(path, secret=True)


OPERATION = Operation(kind=Kind.SECRET, also=_copies, default=False)
