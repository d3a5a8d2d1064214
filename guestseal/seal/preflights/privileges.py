"""Sealing needs root

A seal changes files of every account and of the system. Looked at is the effective user,
so sudo and su are as good as a root login. Forcing makes no sense: nothing would work.

Remedy: run it as root.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight


def _look(_: Guest, machine: Machine) -> Iterator[Concern]:
    uid = machine.processes.effective_uid()
    if uid != 0:
        yield Concern(
            f"this is user {uid}, not root",
            "run it as root, or with sudo (seal --dry-run shows what it would do)",
            forcible=False,
        )


PREFLIGHT = Preflight(_look)
