"""A hostile guest, and a canary beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import ALICE, BOB, Canary, directory

from guestseal.guest.root import Root


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    """A directory beside the guest; at the end of the test nothing about it may have changed."""
    bird = Canary(tmp_path / "outside")
    yield bird
    bird.check()


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    """The top of a small guest."""
    top = directory(tmp_path / "guest")
    for name in ("etc", "home", "precious", "root", "var/log", "var/spool"):
        directory(top / name)
    directory(top / "tmp", mode=0o1777)
    directory(top / "home/alice", owner=ALICE)
    directory(top / "home/bob", owner=BOB)
    (top / "precious/file").write_bytes(b"root's own\n")
    return top


@pytest.fixture
def root(guest: Path) -> Iterator[Root]:
    with Root(str(guest)) as root:
        yield root
