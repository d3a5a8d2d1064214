"""Work that may hang, done beside each other: no caller waits longer than it wants to.

A thread that hangs in the resolver or in a system call cannot be ended from outside.
It is a daemon: it is left behind, and it keeps neither its caller nor the end of the
program waiting.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, TypeVar

from guestseal.machine.clock import Clock, Deadline

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True)
class Outcome(Generic[K, T]):
    """What became of one piece of work: it gave ``value``, or ``error`` ended it, after ``seconds``."""

    key: K
    seconds: float
    value: T | None
    error: BaseException | None

    def result(self) -> T:
        """The value. Raises what ended the work."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]


class Task(Generic[K, T]):
    """One piece of work in a thread of its own; ``on_end`` is called there with the outcome."""

    def __init__(
        self, clock: Clock, key: K, work: Callable[[], T], on_end: Callable[[Outcome[K, T]], None] | None = None
    ) -> None:
        self._clock, self._key, self._work, self._on_end = clock, key, work, on_end
        self._ended = threading.Event()
        self._outcome: Outcome[K, T] | None = None
        threading.Thread(target=self._run, name=f"guestseal {key}", daemon=True).start()

    def wait(self, deadline: Deadline) -> Outcome[K, T] | None:
        """The outcome; None: the work had not ended by ``deadline``."""
        self._clock.wait(self._ended, deadline.remaining)
        return self._outcome

    def _run(self) -> None:
        ending: _Ending[K, T] = _Ending(self._clock, self._key)
        with ending:
            ending.value = self._work()
        self._outcome = ending.outcome
        self._ended.set()
        if self._on_end is not None:
            self._on_end(ending.outcome)


class Parallel(Generic[K, T]):
    """Pieces of work beside each other, and their outcomes in the order in which they come."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._news = threading.Event()
        self._lock = threading.Lock()
        self._outcomes: deque[Outcome[K, T]] = deque()
        self._running = 0

    def start(self, key: K, work: Callable[[], T]) -> None:
        """Begin one piece of work, known as ``key``."""
        with self._lock:
            self._running += 1
        Task(self._clock, key, work, self._end)

    def next(self, deadline: Deadline) -> Outcome[K, T] | None:
        """The next outcome; None: everything has ended and was given out, or ``deadline`` has passed."""
        while True:
            with self._lock:
                if self._outcomes:
                    return self._outcomes.popleft()
                if not self._running or deadline.passed:
                    return None
                self._news.clear()
            self._clock.wait(self._news, deadline.remaining)

    def until(self, deadline: Deadline) -> Iterator[Outcome[K, T]]:
        """Every outcome that comes by ``deadline``."""
        outcome = self.next(deadline)
        while outcome is not None:
            yield outcome
            outcome = self.next(deadline)

    def _end(self, outcome: Outcome[K, T]) -> None:
        with self._lock:
            self._running -= 1
            self._outcomes.append(outcome)
        self._news.set()


class _Ending(Generic[K, T]):
    """Carries whatever ends a thread, also a bug, to the thread that asked for the work."""

    def __init__(self, clock: Clock, key: K) -> None:
        self._clock, self._key = clock, key
        self._start = clock.monotonic()
        self.value: T | None = None
        self.outcome: Outcome[K, T]

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.outcome = Outcome(self._key, self._clock.monotonic() - self._start, self.value, error)
        return True
