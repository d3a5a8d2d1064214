"""A whole seal: what is recorded, what a failure leaves, and that an unfinished one is never taken for a seal."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from guestseal.errors import GuestError
from guestseal.guest.facts import Guest
from guestseal.guest.identity import read_identity
from guestseal.guest.root import Root
from guestseal.guest.seal_record import SEALED, SEALING, Preparation, begin, read_record, unfinished
from guestseal.report import Entry, Outcome, Report
from guestseal.seal.operation import Kind
from guestseal.seal.runner import chosen
from guestseal.seal.sealing import Sealing

MACHINE_ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Root]:
    for name, content in {
        "etc/os-release": "ID=debian\n",
        "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
        "etc/hostname": "master\n",
        "etc/machine-id": MACHINE_ID + "\n",
        "root/.bash_history": "secret\n",
        "var/log/messages": "line\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    with Root(str(tmp_path)) as opened:
        yield opened


def _seal(root: Root, operations: str = "defaults") -> Report:
    return Sealing(Guest(root), operations).apply(root, lambda entry: None)


def test_the_record_proves_a_reset_without_telling_what_was_there(root: Root, tmp_path: Path) -> None:
    before = read_identity(root)
    report = _seal(root)
    assert (report.message, report.changed, report.failed) == ("sealed", True, False)
    record = read_record(root)
    assert record is not None
    assert record.identity == before.salted(bytes.fromhex(record.salt))
    assert MACHINE_ID not in (tmp_path / SEALED[1:]).read_text()
    assert "master" not in json.dumps(dict(record.identity))
    assert (tmp_path / SEALED[1:]).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / SEALED[1:]).parent.stat().st_mode & 0o777 == 0o700
    assert not unfinished(root)


def test_a_second_seal_changes_nothing_and_keeps_the_record(root: Root, tmp_path: Path) -> None:
    _seal(root)
    record = (tmp_path / SEALED[1:]).read_bytes()
    report = _seal(root)
    assert (report.changed, report.message) == (False, "nothing to do: sealed already")
    assert (tmp_path / SEALED[1:]).read_bytes() == record


def test_something_new_to_seal_makes_another_seal(root: Root, tmp_path: Path) -> None:
    _seal(root)
    first = read_record(root)
    (tmp_path / "root/.bash_history").write_text("again\n")
    assert _seal(root).changed
    second = read_record(root)
    assert first is not None
    assert second is not None
    assert first.id != second.id


def test_a_failed_operation_leaves_no_seal_and_the_next_run_finishes_it(root: Root, tmp_path: Path) -> None:
    protected = tmp_path / "etc/hostname"
    subprocess.run(["chattr", "+i", protected], check=True)
    try:
        report = _seal(root)
    finally:
        subprocess.run(["chattr", "-i", protected], check=True)
    assert (report.failed, report.exit_code) == (True, 1)
    assert report.message.startswith("NOT sealed; failed: hostname.")
    assert [entry.name for entry in report.entries if entry.outcome is Outcome.FAILED] == ["hostname"]
    assert not (tmp_path / "root/.bash_history").exists()
    assert unfinished(root)
    assert read_record(root) is None
    assert not _seal(root).failed
    assert not unfinished(root)
    assert read_record(root) is not None


def test_while_it_runs_the_guest_is_not_sealed(root: Root) -> None:
    _seal(root)
    begin(root, Preparation())
    assert read_record(root) is None
    assert unfinished(root)


def test_a_record_that_is_none_is_an_error_and_no_seal(root: Root, tmp_path: Path) -> None:
    _seal(root)
    for content in ("{", "[]", '{"schema": 7}', '{"schema": 1}'):
        (tmp_path / SEALED[1:]).write_text(content)
        with pytest.raises(GuestError, match="seal again"):
            read_record(root)


def test_identity_goes_last_and_the_machine_id_last_of_all() -> None:
    items = chosen("all")
    assert items[-1].name == "machine-id"
    kinds = [item.value.kind for item in items]
    assert kinds == sorted(kinds, key=[Kind.CLUTTER, Kind.SECRET, Kind.IDENTITY].index)


def test_progress_tells_every_operation_in_order(root: Root) -> None:
    seen: list[Entry] = []
    report = Sealing(Guest(root), "defaults").apply(root, seen.append)
    assert tuple(seen) == report.entries
    assert {entry.outcome for entry in seen} == {Outcome.DONE, Outcome.CLEAN}


def test_leaving_an_operation_out_leaves_its_files(root: Root, tmp_path: Path) -> None:
    assert not _seal(root, operations="defaults,-histories").failed
    assert (tmp_path / "root/.bash_history").read_text() == "secret\n"
    assert (tmp_path / SEALING[1:]).exists() is False


def test_a_filesystem_of_the_guests_that_is_not_mounted_is_told(root: Root, tmp_path: Path) -> None:
    (tmp_path / "etc/fstab").write_text("LABEL=home /home ext4 defaults 0 2\n")
    (tmp_path / "home").mkdir()
    assert any(warning.startswith("/home: not mounted") for warning in _seal(root).warnings)
