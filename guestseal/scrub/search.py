"""Looking for random markers on block devices."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from guestseal.errors import GuestError
from guestseal.guest.tree import reporting
from guestseal.machine.clock import Deadline
from guestseal.scrub import kernel
from guestseal.scrub.devices import BlockDevice
from guestseal.scrub.progress import Progress
from guestseal.scrub.raw import Raw

MARKER = 32
"""Bytes of a marker."""
COMMON = 16
"""Of which the first ones are common to all markers that are looked for together: one search finds every one."""


@dataclass(frozen=True)
class Searched:
    """What looking through one device came to."""

    device: str
    found: frozenset[bytes] = field(default=frozenset(), repr=False)
    size: int = 0
    """Bytes of the device."""
    read: int = 0
    unreadable: int = 0
    seconds: float = 0.0
    why: str = ""
    """Why it could not be looked through; empty: it could."""

    @property
    def shortfall(self) -> str:
        """What was not looked at, as a sentence; empty: everything was."""
        if self.why:
            return f"{self.device}: not looked through: {self.why}"
        if self.unreadable:
            return f"{self.device}: {self.unreadable} bytes cannot be read, and were not looked at"
        if self.read < self.size:
            return f"{self.device}: looked through {self.read >> 20} of {self.size >> 20} MiB only, the time was over"
        return ""


def search(device: BlockDevice, markers: Iterable[bytes], deadline: Deadline, progress: Progress) -> Searched:
    """Which markers are on the device. Never raises for a device that cannot be read."""
    name = str(device.node)
    start = deadline.clock.monotonic()
    wanted = frozenset(markers)
    found: set[bytes] = set()
    try:
        with device.opened(os.O_RDONLY | os.O_DIRECT) as fd, reporting(name):
            kernel.flush_buffers(fd)
            raw = Raw(fd, deadline, keep=MARKER - 1)
            for begin, end in raw:
                found |= wanted.intersection(_candidates(raw.buffer, begin, end, wanted))
                progress(f"looking through {name}", raw.read, raw.size)
    except GuestError as error:
        return Searched(name, why=error.why)
    seconds = deadline.clock.monotonic() - start
    return Searched(name, frozenset(found), raw.size, raw.read, raw.unreadable, seconds)


def _candidates(buffer: bytearray, begin: int, end: int, wanted: frozenset[bytes]) -> Iterable[bytes]:
    for common in {marker[:COMMON] for marker in wanted}:
        at = buffer.find(common, begin, end)
        while at >= 0:
            if at + MARKER <= end:
                yield bytes(buffer[at : at + MARKER])
            at = buffer.find(common, at + 1, end)
