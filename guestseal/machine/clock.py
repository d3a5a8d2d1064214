"""Time: a clock that is passed in, and deadlines on it.

Durations use the monotonic clock only: on a clone's first boot the wall clock may
jump by decades when time synchronisation arrives.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass


class Clock:
    """The machine's clock. Tests pass one that they move by hand."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        return time.monotonic()

    def now(self) -> float:
        """Seconds since the epoch, as the machine believes."""
        return time.time()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until ``event`` is set, at most ``seconds``; whether it is set."""
        return event.wait(max(0.0, seconds))

    def pause(self, seconds: float) -> None:
        """Let ``seconds`` go by."""
        self.wait(threading.Event(), seconds)


@dataclass(frozen=True)
class Deadline:
    """A moment on a clock by which everything that is given it has ended."""

    clock: Clock
    end: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> Deadline:
        """The moment ``seconds`` from now."""
        return cls(clock, clock.monotonic() + seconds)

    def within(self, seconds: float) -> Deadline:
        """The earlier of this deadline and ``seconds`` from now."""
        return Deadline(self.clock, min(self.end, self.clock.monotonic() + seconds))

    @property
    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.end - self.clock.monotonic())

    @property
    def passed(self) -> bool:
        """Whether it is over."""
        return self.remaining == 0.0
