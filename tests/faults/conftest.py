"""What every fault happens to: the first boot of a sealed clone."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.clones import CloneTree
from support.first_boot import sealed_clone


@pytest.fixture
def clone(tmp_path: Path) -> CloneTree:
    """A clone that has never booted."""
    return sealed_clone(tmp_path / "clone")
