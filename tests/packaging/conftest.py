"""Each package is built once for all the tests of a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.packages import build


@pytest.fixture(scope="session")
def deb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Debian package; its source package lies beside it."""
    return build("deb", tmp_path_factory.mktemp("deb"))


@pytest.fixture(scope="session")
def rpm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The noarch rpm; its source package lies beside it."""
    return build("rpm", tmp_path_factory.mktemp("rpm"))
