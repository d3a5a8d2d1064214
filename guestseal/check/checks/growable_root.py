"""The root filesystem can grow on a larger disk

A clone often gets a larger disk than the template had. Its root partition can grow into what
is behind it, and nothing else: growpart, systemd-repart and `guestseal firstboot` all leave a
partition alone that another one follows. Installers like to put swap there.

Sizes are not looked at: of a clone's disk nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.machine.block import NoDisk


def _look(subject: Subject) -> Iterator[Problem]:
    try:
        followed = subject.storage.followed(subject.point)
    except NoDisk as why:
        raise Inapplicable(f"the root filesystem {why}") from why
    if followed:
        yield Problem(
            "another partition follows that of the root filesystem, which cannot grow on a clone's larger disk",
            "make it the last one: use a swap file for a swap partition, or put the others before it",
            fails=False,
        )


CHECK = Check(_look, source="growpart(1); systemd-repart(8)")
