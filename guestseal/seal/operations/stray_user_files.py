"""Remove what failed programs left in home directories

dead.letter, nohup.out and core dumps hold what a program had in memory or printed. They are
overwritten and removed when they are regular files right in a home directory.

Not done unless it is asked for: somebody may still want to read them. Log files there, *.log,
are reported then, and stay.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files
from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation, in_homes

NAMES = ("dead.letter", "nohup.out", "core", "core.[0-9]*")


def _files(guest: Guest) -> Iterator[Action]:
    patterns = (full for name in NAMES for full in in_homes(guest, f"{{home}}/{name}"))
    return (Remove(path, secret=True) for path in regular_files(guest.tree, patterns))


OPERATION = Operation(
    kind=Kind.SECRET,
    also=_files,
    findings=signs(Sign(("{home}/*.log",), "is a log file in a home directory", "look at it, and remove it")),
    default=False,
)
