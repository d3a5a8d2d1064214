"""State: saved atomically, belongs to one seal, and when unreadable is no new clone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from guestseal.firstboot.state import STATE, State, StepState, load_state, save_state
from guestseal.guest.root import Root

FULL = State("seal-1", {"password": StepState(True, False, {"digest": "$6$x"})}, finished=True)
TOLD = State("seal-1", finished=True, instance="i-1", speaker="azure", reported=True)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Root]:
    (tmp_path / "var/lib/guestseal").mkdir(parents=True)
    with Root(str(tmp_path)) as opened:
        yield opened


def test_what_is_saved_is_loaded(root: Root) -> None:
    for state in (TOLD, FULL):
        save_state(root, state)
        assert load_state(root, "seal-1") == state
    info = root.lstat(STATE)
    assert info is not None
    assert info.st_mode & 0o777 == 0o600


def test_the_state_of_another_seal_is_a_new_clone(root: Root) -> None:
    save_state(root, FULL)
    assert load_state(root, "seal-2") == State("seal-2")


BROKEN = {
    "empty": "",
    "truncated": "{",
    "array": "[]",
    "null": "null",
    "future schema": '{"schema": 9}',
    "fields missing": '{"schema": 1}',
    "zeros": "\0" * 10,
    "nested": "[" * 5000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_an_unreadable_state_is_put_aside_and_is_not_a_new_clone(root: Root, tmp_path: Path, content: str) -> None:
    (tmp_path / STATE[1:]).write_text(content)
    state = load_state(root, "seal-1")
    assert state.of("host-keys").applied
    assert (tmp_path / f"{STATE[1:]}.bad").read_text() == content
    assert load_state(root, "seal-1") == state
    save_state(root, state)
    assert load_state(root, "seal-1").of("host-keys").applied


def test_the_file_holds_what_its_schema_says(root: Root, tmp_path: Path) -> None:
    save_state(root, FULL)
    assert json.loads((tmp_path / STATE[1:]).read_text()) == {
        "schema": 1,
        "seal": "seal-1",
        "recovered": False,
        "finished": True,
        "instance": None,
        "speaker": None,
        "reported": False,
        "steps": {"password": {"applied": True, "confirmed": False, "memory": {"digest": "$6$x"}}},
    }
