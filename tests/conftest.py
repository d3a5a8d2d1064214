"""For all tests."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _no_test_sets_up_the_log_of_the_next() -> Iterator[None]:
    """A command that runs in this process sends its messages to stderr, and keeps them from the root logger."""
    logger = logging.getLogger("guestseal")
    before = logger.handlers[:], logger.propagate, logger.level
    yield
    logger.handlers[:], logger.propagate = before[:2]
    logger.setLevel(before[2])
