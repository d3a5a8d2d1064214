"""Thousands of small trees: built in memory where the machine lets us."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = "/dev/shm"
ENOUGH = 1 << 28
"""Bytes; some containers have 64 MiB there."""


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A directory of the test's own, on a tmpfs if there is one with room: every sealing syncs what it wrote to disk.

    What depends on a filesystem that keeps its data is tested elsewhere.
    """
    roomy = os.path.ismount(MEMORY) and shutil.disk_usage(MEMORY).free > ENOUGH
    with tempfile.TemporaryDirectory(prefix="guestseal-", dir=MEMORY if roomy else None) as place:
        yield Path(place)
