"""How much memory an action takes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable


def peak_of(action: Callable[[], object]) -> int:
    """The most bytes that ``action`` held at one time, in Python's own memory: regular expressions' included."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
