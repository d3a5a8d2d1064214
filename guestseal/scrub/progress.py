"""What the long parts of a scrub tell while they run, and how they are ended early."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Callable, NoReturn

Progress = Callable[[str, int, int], None]
"""Called now and then with what is being done, the bytes done and the bytes there are to do."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Let SIGINT and SIGTERM end the block by an exception, so that what it holds is given back.

    SIGTERM would end the process without a ``finally``. Only the first signal counts: a
    second one must not break into the tidying that the first one began. In a thread
    other than the main one, which gets no signals, nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kinds = (signal.SIGINT, signal.SIGTERM)

    def end(number: int, _frame: object) -> NoReturn:
        for kind in kinds:
            signal.signal(kind, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)  # what a shell gives for a process that a signal ended

    before = {kind: signal.signal(kind, end) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            # None: a handler that was not set from Python, and cannot be put back from it.
            signal.signal(kind, signal.SIG_DFL if handler is None else handler)
