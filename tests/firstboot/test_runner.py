"""The runner: apply, save, confirm, in this order; a failing step stops no other one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.steps import Notebook, item

from guestseal.errors import GuestError
from guestseal.firstboot.metadata import Endpoint, Metadata, Secret
from guestseal.firstboot.runner import StageRun, steps_of
from guestseal.firstboot.state import State, StepState, load_state, save_state
from guestseal.firstboot.step import Clone, Result, Stage, When
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.machine.host import Machine
from guestseal.report import Outcome
from guestseal.settings import Settings

SERVER = Endpoint("192.0.2.1", 8080)
SAID = Metadata("notebook", "here", hostname="vm1", password=Secret(b"hunter2"), password_from=(SERVER,))


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    (tmp_path / "var/lib/guestseal").mkdir(parents=True)
    with Root(str(tmp_path)) as root:
        yield Clone(root, Guest(root), Machine(), Settings(), metadata=SAID, live=False)


def _run(clone: Clone, source: Notebook | None = None) -> StageRun:
    return StageRun.begin(clone, "seal-1", source)


def test_the_order_is_apply_save_confirm_save(clone: Clone) -> None:
    seen: list[object] = []

    def apply(clone: Clone) -> Result:
        seen.append("applied")
        return Result(True, "set", {"digest": "d"}, acknowledge=True)

    def look() -> None:
        seen.append(load_state(clone.root, "seal-1"))

    source = Notebook(before_answer=look)
    entry = _run(clone, source).run_item(item(apply))
    saved = State("seal-1", {"probe": StepState(True, False, {"digest": "d"})})
    assert seen == ["applied", saved]
    assert source.confirmed == [SAID]
    assert entry.outcome is Outcome.DONE
    assert load_state(clone.root, "seal-1").of("probe") == StepState(True, True, {"digest": "d"})


def test_an_unconfirmed_password_stays_pending_and_is_not_a_failure(clone: Clone) -> None:
    def apply(clone: Clone) -> Result:
        return Result(not clone.memory, "set", {"digest": "d"}, acknowledge=True)

    entry = _run(clone, Notebook(reachable=False)).run_item(item(apply))
    assert (entry.outcome, "not acknowledged yet" in entry.detail) == (Outcome.DONE, True)
    assert not load_state(clone.root, "seal-1").of("probe").confirmed
    again = _run(clone, Notebook()).run_item(item(apply))
    assert (again.outcome, "acknowledged" in again.detail) == (Outcome.CLEAN, True)
    assert load_state(clone.root, "seal-1").of("probe").confirmed


def test_what_a_step_remembers_before_it_acts_is_on_the_disk_when_it_does(clone: Clone) -> None:
    def apply(clone: Clone) -> Result:
        assert clone.memory == {}
        clone.remember({"begun": "yes"})
        assert load_state(clone.root, "seal-1").of("probe") == StepState(False, True, {"begun": "yes"})
        raise GuestError("/etc/x", "disk full")

    def look(clone: Clone) -> Result:
        return Result(False, "seen", dict(clone.memory))

    step = item(apply, when=When.PER_CLONE)
    assert _run(clone).run_item(step).outcome is Outcome.FAILED
    assert _run(clone).run_item(item(look, when=When.PER_CLONE)).detail == "seen"
    assert load_state(clone.root, "seal-1").of("probe").memory == {"begun": "yes"}


def test_where_nobody_waits_to_be_told_nothing_is_said_of_it(clone: Clone) -> None:
    """A password on a disk: there is no server that offered it."""
    source = Notebook()
    run = _run(replace(clone, metadata=replace(SAID, password_from=())), source)
    entry = run.run_item(item(lambda clone: Result(True, "set", acknowledge=True)))
    assert (entry.detail, source.confirmed, run.state.confirmed) == ("set", [], True)


def test_a_step_once_per_clone_runs_until_it_succeeded_once(clone: Clone) -> None:
    calls = []

    def apply(clone: Clone) -> Result:
        calls.append(1)
        if len(calls) == 1:
            raise GuestError("/etc/x", "disk full")
        return Result(True, "made")

    step = item(apply, when=When.PER_CLONE)
    outcomes = [_run(clone).run_item(step).outcome for _ in range(3)]
    assert outcomes == [Outcome.FAILED, Outcome.DONE, Outcome.CLEAN]
    assert len(calls) == 2


def test_another_seal_runs_it_again(clone: Clone) -> None:
    step = item(lambda clone: Result(True, "made"), when=When.PER_CLONE)
    _run(clone).run_item(step)
    assert StageRun.begin(clone, "seal-2").run_item(step).outcome is Outcome.DONE


def test_a_lost_state_is_no_new_clone(clone: Clone) -> None:
    save_state(clone.root, State("seal-1", recovered=True))
    step = item(lambda clone: Result(True, "made"), when=When.PER_CLONE)
    assert _run(clone).run_item(step).outcome is Outcome.CLEAN


@pytest.mark.parametrize(
    ("metadata", "outcome"),
    [(SAID, Outcome.DONE), (replace(SAID, hostname=None), Outcome.SKIPPED), (None, Outcome.SKIPPED)],
)
def test_a_step_runs_only_when_the_platform_says_what_it_needs(
    clone: Clone, metadata: Metadata | None, outcome: Outcome
) -> None:
    step = item(lambda clone: Result(True, "set"), needs=("hostname",))
    assert _run(replace(clone, metadata=metadata)).run_item(step).outcome is outcome


def test_an_unexpected_error_ends_at_the_step_with_its_traceback_logged(
    clone: Clone, caplog: pytest.LogCaptureFixture
) -> None:
    def apply(clone: Clone) -> Result:
        raise ZeroDivisionError("bug")

    entry = _run(clone).run_item(item(apply))
    assert (entry.outcome, entry.detail) == (Outcome.FAILED, "ZeroDivisionError: bug")
    assert "Traceback" in caplog.text


def test_finished_is_remembered_only_when_nothing_failed(clone: Clone) -> None:
    run = _run(clone)
    failed = run.run_item(item(lambda clone: 1 / 0))  # type: ignore[arg-type, return-value]
    run.finish([failed])
    assert not load_state(clone.root, "seal-1").finished
    run.finish([])
    assert load_state(clone.root, "seal-1").finished


def test_steps_come_after_those_they_wait_for() -> None:
    names = [step.name for step in steps_of(Stage.NETWORK)]
    assert names.index("ssh-keys") < names.index("password")
    assert [step.name for step in steps_of(Stage.LOCAL)] == [
        *("host-keys", "rndc-key", "tls-snakeoil", "unbound-control-keys")
    ]
