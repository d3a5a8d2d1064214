"""What was asked, in which order, from which address and with which headers, and what became of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from guestseal.simulate.service import Request


@dataclass(frozen=True)
class Exchange(Request):
    """A request and its fate. Answered bodies are not kept: one of them is a password.

    `when`: seconds since the simulator started, at the moment the request was complete. `status`: the status
    answered, None while there is none and where the answer had no status line. `sent`: bytes given to the
    kernel so far, head and body.
    """

    when: float = 0.0
    status: int | None = None
    sent: int = 0


class Journal:
    """The exchanges in the order in which their requests arrived. Thread-safe; iteration sees a snapshot."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._exchanges: dict[int, Exchange] = {}
        self._next = 0

    def append(self, exchange: Exchange) -> int:
        """Record an exchange; the number returned is for `progress`."""
        with self._lock:
            number = self._next
            self._next += 1
            self._exchanges[number] = exchange
            return number

    def progress(self, number: int, *, status: int | None, sent: int) -> None:
        """Note how far the answer of exchange `number` has come; one cleared meanwhile is forgotten."""
        with self._lock:
            if number in self._exchanges:
                self._exchanges[number] = replace(self._exchanges[number], status=status, sent=sent)

    def snapshot(self) -> tuple[Exchange, ...]:
        """All exchanges so far."""
        with self._lock:
            return tuple(self._exchanges.values())

    def select(
        self,
        *,
        method: str | None = None,
        target: str | None = None,
        source: str | None = None,
        port: int | None = None,
        where: Callable[[Exchange], bool] | None = None,
    ) -> tuple[Exchange, ...]:
        """The exchanges that agree with everything given; `port` is the listener's."""
        return tuple(
            item
            for item in self.snapshot()
            if method in (None, item.method)
            and target in (None, item.target)
            and source in (None, item.source)
            and port in (None, item.listener[1])
            and (where is None or where(item))
        )

    def targets(self) -> list[str]:
        """The targets asked for, in order."""
        return [item.target for item in self.snapshot()]

    def clear(self) -> None:
        """Forget everything so far."""
        with self._lock:
            self._exchanges.clear()

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self.snapshot())

    def __len__(self) -> int:
        return len(self.snapshot())
