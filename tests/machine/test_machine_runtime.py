"""The files of this boot: put in place at once, for everybody or for root alone, and one process at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guestseal.errors import TimedOut
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.runtime import Runtime


def test_what_is_written_is_read_by_everybody(tmp_path: Path) -> None:
    runtime = Runtime(str(tmp_path / "run"))
    assert runtime.read("status.json") is None
    runtime.write("status.json", {"status": "done"})
    runtime.write("status.json", {"status": "error"})
    assert runtime.read("status.json") == {"status": "error"}
    assert (tmp_path / "run/status.json").stat().st_mode & 0o777 == 0o644
    assert os.listdir(tmp_path / "run") == ["status.json"]


def test_a_secret_is_roots_alone_and_can_be_forgotten(tmp_path: Path) -> None:
    runtime = Runtime(str(tmp_path))
    runtime.write_secret("armed", b"\0secret")
    assert (tmp_path / "armed").stat().st_mode & 0o777 == 0o600
    assert runtime.read_secret("armed") == b"\0secret"
    runtime.forget("armed")
    runtime.forget("armed")
    assert runtime.read_secret("armed") is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"[" * 100_000, b"\xff"])
def test_what_is_no_document_is_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "status.json").write_bytes(content)
    assert Runtime(str(tmp_path)).read("status.json") is None


def test_one_at_a_time(tmp_path: Path) -> None:
    soon = Deadline.after(Clock(), 0.3)
    late = pytest.raises(TimedOut, match="another guestseal is at work")
    with Runtime(str(tmp_path)).alone(soon), late, Runtime(str(tmp_path)).alone(soon):
        pass
    with Runtime(str(tmp_path)).alone(soon):
        pass


def test_a_document_is_read_whole_however_long_it_is(tmp_path: Path) -> None:
    document = {"remarks": ["x" * (17 << 20)]}
    Runtime(str(tmp_path)).write("status.json", document)
    assert Runtime(str(tmp_path)).read("status.json") == document
