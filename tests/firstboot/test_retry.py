"""Asking again: when the timer is started, goes on, and is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.machine import FakeClock, FakeCommands, machine

from guestseal.firstboot.retry import TIMER, follow
from guestseal.machine.host import Machine
from guestseal.machine.runtime import RETRY, Runtime
from guestseal.machine.services import Services
from guestseal.settings import Settings

START = ("systemctl", "--no-ask-password", "--no-block", "start", "--", TIMER)
STOP = ("systemctl", "--no-ask-password", "--no-block", "stop", "--", TIMER)
FOR_A_MINUTE = Settings(retry_for=60.0)


class Stages:
    """Network stages of one boot, one after the other."""

    def __init__(self, directory: Path, *, outputs: dict[str, bytes] | None = None, managed: bool = True) -> None:
        self.clock = FakeClock()
        self.commands = FakeCommands({"systemctl": b""} if outputs is None else outputs)
        self.machine: Machine = machine(clock=self.clock, commands=self.commands)
        if managed:
            (directory / "systemd/system").mkdir(parents=True)
        self.machine.services = Services(self.commands, runtime=str(directory))
        self.runtime = Runtime(str(directory / "guestseal"))

    def end(self, settings: Settings = FOR_A_MINUTE, *, wanting: bool, after: float = 0.0, again: bool = False) -> bool:
        self.clock.time += after
        self.commands.ran.clear()
        return follow(self.machine, self.runtime, settings, wanting=wanting, again=again)

    @property
    def told(self) -> Sequence[tuple[str, ...]]:
        return self.commands.ran


@pytest.fixture
def stages(tmp_path: Path) -> Stages:
    return Stages(tmp_path)


def test_a_stage_without_an_answer_is_run_again_later(stages: Stages) -> None:
    assert stages.end(wanting=True)
    assert stages.told == [START]


def test_a_stage_that_is_done_needs_no_timer(stages: Stages) -> None:
    assert not stages.end(wanting=False)
    assert stages.told == []
    assert stages.runtime.read(RETRY) is None


@pytest.mark.parametrize("settings", [FOR_A_MINUTE, Settings(retry_for=0.0)], ids=["an answer", "not to ask again"])
def test_the_timer_that_systemd_started_after_a_stage_was_killed_is_stopped(stages: Stages, settings: Settings) -> None:
    assert not stages.end(settings, wanting=settings is not FOR_A_MINUTE, again=True)
    assert stages.told == [STOP]


def test_an_answer_ends_it(stages: Stages) -> None:
    stages.end(wanting=True)
    assert not stages.end(wanting=False, after=20)
    assert stages.told == [STOP]


def test_it_goes_on_until_its_time_is_over(stages: Stages, caplog: pytest.LogCaptureFixture) -> None:
    stages.end(wanting=True)
    assert stages.end(wanting=True, after=30)
    assert stages.end(wanting=True, after=29.5)
    assert not stages.end(wanting=True, after=0.5)
    assert stages.told == [STOP]
    assert "until the next boot" in caplog.text


def test_what_began_is_not_begun_again_once_it_is_over(stages: Stages) -> None:
    stages.end(wanting=True)
    assert not stages.end(wanting=True, after=3600)
    assert not stages.end(wanting=True, after=1)
    assert stages.told == [STOP]


def test_it_can_be_switched_off(stages: Stages) -> None:
    assert not stages.end(Settings(retry_for=0.0), wanting=True)
    assert stages.told == []


def test_without_systemd_nothing_asks_again(tmp_path: Path) -> None:
    stages = Stages(tmp_path, managed=False)
    assert not stages.end(wanting=True)
    assert stages.told == []


def test_a_timer_that_cannot_be_started_does_not_fail_the_stage(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stages = Stages(tmp_path, outputs={})
    assert not stages.end(wanting=True)
    assert f"{TIMER}: systemctl: not run" in caplog.text


def test_a_runtime_directory_that_cannot_be_written_does_not_fail_the_stage(stages: Stages, tmp_path: Path) -> None:
    (tmp_path / "guestseal").write_text("in its place")
    assert not stages.end(wanting=True)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"until": "soon"}', b'{"until": null}', b"\0"])
def test_what_is_no_time_counts_as_none(stages: Stages, content: bytes) -> None:
    stages.runtime.write_secret(RETRY, content)
    assert stages.end(wanting=True)
    assert stages.told == [START]
