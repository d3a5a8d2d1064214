"""The system can be written to

A root filesystem that is mounted read-only is one that the kernel has found an error on,
that fstab wants so, or that is an image of its own. With /etc or /var read-only nothing
can be sealed, and forcing makes no sense. With only the rest read-only it can be forced.

Remedy: mount it read-write.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight, read_only


def _look(guest: Guest, _: Machine) -> Iterator[Concern]:
    closed = [path for path in ("/", "/etc", "/var") if read_only(guest.tree, path)]
    if closed:
        verb = "is" if len(closed) == 1 else "are"
        yield Concern(
            f"{' and '.join(closed)} {verb} read-only",
            f"`mount -o remount,rw {closed[0]}`; where the kernel refuses, dmesg says which error it has found",
            forcible=closed == ["/"],
        )


PREFLIGHT = Preflight(_look)
