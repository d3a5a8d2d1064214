"""Have SELinux label the guest again where a file has no label

Sealing changes files in place, and they keep their labels. What was made or copied into the
guest while SELinux did not run has none, and in enforcing mode nobody logs in then. Where a
guest that is not running uses SELinux, and the accounts or the machine-id have no label,
/.autorelabel is made: the next boot labels everything and boots again (selinux(8)).

Left on purpose: a guest in which these files are labelled; the running system, where
the kernel labels what is made.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Replace
from guestseal.guest.facts import Guest
from guestseal.guest.selinux_labels import unlabelled, used
from guestseal.seal.operation import Kind, Operation

REQUEST = "/.autorelabel"
NEEDED = ("/etc/passwd", "/etc/shadow", "/etc/machine-id")


def _request(guest: Guest) -> Iterator[Action]:
    tree = guest.tree
    if guest.live or tree.lstat(REQUEST) is not None or not used(tree):
        return
    if any(unlabelled(tree, path) for path in NEEDED):
        yield Replace(REQUEST, b"", "files have no SELinux label: the next boot labels them", 0o600)


OPERATION = Operation(kind=Kind.CLUTTER, also=_request)
