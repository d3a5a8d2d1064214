"""Running the steps of one stage of one boot.

Per step: apply and verify (the step), save what it remembers, then acknowledge to the
source. A power cut in between costs a second acknowledgement, never a password. A step
that fails stops no other one; the blanket ``except``s of the first boot are here. A platform
that waits for a report gets it after all steps, once a clone.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from guestseal.catalog import Item, load, names
from guestseal.errors import GuestsealError, SourceError
from guestseal.firstboot.state import State, StepState, load_state, save_state
from guestseal.firstboot.step import Clone, Stage, Step, When
from guestseal.machine.clock import Deadline
from guestseal.report import Entry, Outcome

if TYPE_CHECKING:
    from guestseal.firstboot.source import Source

PACKAGES = {stage: f"guestseal.firstboot.steps.{stage.value}" for stage in Stage}
CONFIRM_WITHIN = 1.5
"""Seconds for acknowledging a password where the boot's budget leaves fewer: its server has just answered."""
REPORT_WITHIN = 8.0
"""Seconds for the report that the machine is ready, at most: it can be made later."""
REPORT = "ready-report"
DONE_BEFORE = "done on an earlier boot"

log = logging.getLogger(__name__)


def steps_of(stage: Stage, *, done: Collection[str] = ()) -> list[Item[Step]]:
    """The steps of a stage, each after those it names in ``after``. Those in ``done`` are not even imported."""
    package = PACKAGES[stage]
    pending: list[Item[Step]] = [load(package, name, "STEP", Step) for name in names(package) if name not in done]
    ordered: list[Item[Step]] = []
    while pending:
        waiting = {item.name for item in pending}
        ready = [item for item in pending if not waiting.intersection(item.value.after)]
        if not ready:
            raise TypeError(f"steps wait for each other: {', '.join(sorted(waiting))}")
        ordered += ready
        pending = [item for item in pending if item not in ready]
    return ordered


@dataclass
class StageRun:
    """One stage of one boot of one clone."""

    clone: Clone
    state: State
    source: Source | None = None
    speaker: Source | None = None
    """The source that speaks for the platform, to which the clone reports."""
    deadline: Deadline | None = None
    """The end of the boot's budget, in which a password is acknowledged and the report made."""
    complete: bool = True
    """What every step did so far outlives the power-off."""

    @classmethod
    def begin(cls, clone: Clone, seal: str, source: Source | None = None) -> StageRun:
        """Take up what this clone has done so far under the seal with this id."""
        return cls(clone, load_state(clone.root, seal), source)

    def run(self, stage: Stage) -> Iterator[Entry]:
        """Run every step of ``stage`` that has something to do, and say what became of it."""
        # Nothing in the local stage is done twice, so a later boot spends no time on what it would do.
        done = [name for name in names(PACKAGES[stage]) if stage is Stage.LOCAL and self.state.of(name).applied]
        yield from (Entry(name, Outcome.CLEAN, detail=DONE_BEFORE) for name in done)
        for item in steps_of(stage, done=done):
            yield self.run_item(item)

    def finish(self, entries: Iterable[Entry]) -> None:
        """Remember that this clone is complete, once no step of the network stage failed."""
        if self.complete and not self.state.finished and all(entry.outcome is not Outcome.FAILED for entry in entries):
            instance = self.clone.metadata.instance_id if self.clone.metadata is not None else None
            speaker = self.speaker.name if self.speaker is not None else None
            self._save(replace(self.state, finished=True, instance=instance, speaker=speaker))

    @property
    def owes_report(self) -> bool:
        """Whether the clone is complete and its platform still waits to be told."""
        awaited = self.speaker is not None and self.speaker.awaits_report
        return awaited and self.state.finished and not self.state.reported

    def report_ready(self) -> Iterator[Entry]:
        """Report to the platform where that is owed, and say what became of it; trouble is logged and never raised."""
        if self.speaker is None or not self.owes_report:
            return
        start = self.clone.machine.clock.monotonic()
        outcome, detail = Outcome.SKIPPED, "not told yet"
        try:
            self.speaker.report_ready(self._time_to_tell().within(REPORT_WITHIN))
            self._save(replace(self.state, reported=True))
            outcome, detail = Outcome.DONE, f"told {self.speaker.name}"
        except GuestsealError as error:
            log.warning("%s: not told that this machine is ready: %s", self.speaker.name, error)
            detail = f"{detail}: {error}"
        except Exception:
            log.exception("the report of %s failed", self.speaker.name)
        seconds = self.clone.machine.clock.monotonic() - start
        yield Entry(REPORT, outcome, "Tell the platform that this machine is ready.", detail=detail, seconds=seconds)

    def run_item(self, item: Item[Step]) -> Entry:
        """Run one step. Unexpected errors end here, with their traceback in the log."""
        start = self.clone.machine.clock.monotonic()
        try:
            outcome, detail = self._step(item)
        except GuestsealError as error:
            log.error("%s: %s", item.name, error)
            outcome, detail = Outcome.FAILED, str(error)
        except Exception as error:
            log.exception("step %s failed", item.name)
            outcome, detail = Outcome.FAILED, f"{type(error).__name__}: {error}"
        seconds = self.clone.machine.clock.monotonic() - start
        return Entry(item.name, outcome, item.heading, detail=detail, seconds=seconds)

    def _step(self, item: Item[Step]) -> tuple[Outcome, str]:
        before = self.state.of(item.name)
        step = item.value
        if step.when is When.PER_CLONE and before.applied:
            return Outcome.CLEAN, DONE_BEFORE
        said = [field for field in step.needs if getattr(self.clone.metadata, field, None) is not None]
        if step.needs and not said:
            return Outcome.SKIPPED, f"the platform says nothing of {' or '.join(step.needs).replace('_', ' ')}"
        result = step.run(replace(self.clone, memory=before.memory, remember=partial(self._remember, item.name)))
        for warning in result.warnings:
            log.warning("%s: %s", item.name, warning)
        # A password of a disk or of the firmware came from nobody who waits to be told.
        owed = result.acknowledge and self.clone.metadata is not None and bool(self.clone.metadata.password_from)
        self.complete &= result.complete
        after = StepState(applied=result.complete, confirmed=not owed, memory=result.memory)
        if after != before:
            self._save(self.state.with_step(item.name, after))
        detail = "; ".join((result.detail, *result.warnings))
        if owed:
            detail = f"{detail}; {self._acknowledge(item.name, after)}"
        return (Outcome.DONE if result.changed else Outcome.CLEAN), detail

    def _remember(self, name: str, memory: Mapping[str, str]) -> None:
        self._save(self.state.with_step(name, replace(self.state.of(name), memory=memory)))

    def _acknowledge(self, name: str, after: StepState) -> str:
        """Tell the source; when that fails the password stays pending there and is told again at the next boot."""
        if self.source is None or self.clone.metadata is None:
            return "not acknowledged: there is no source"
        try:
            self.source.confirm(self.clone.metadata, self._time_to_tell())
        except SourceError as error:
            log.warning("%s: not acknowledged: %s", name, error)
            return f"not acknowledged yet: {error}"
        self._save(self.state.with_step(name, replace(after, confirmed=True)))
        return "acknowledged"

    def _time_to_tell(self) -> Deadline:
        """The rest of the boot's budget, or ``CONFIRM_WITHIN`` where that is more."""
        least = Deadline.after(self.clone.machine.clock, CONFIRM_WITHIN)
        return self.deadline if self.deadline is not None and self.deadline.end > least.end else least

    def _save(self, state: State) -> None:
        save_state(self.clone.root, state)
        self.state = state
