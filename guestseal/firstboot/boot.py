"""The two stages of a boot, as the units call them: what is done, in which bounds, and what is said of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

from guestseal.errors import GuestError, Refused
from guestseal.firstboot.runner import StageRun
from guestseal.firstboot.step import Clone, Stage
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.guest.seal_record import SealRecord, read_record, unfinished
from guestseal.machine.host import Machine
from guestseal.machine.runtime import METADATA, STATUS, Runtime
from guestseal.report import Entry, Outcome, Report
from guestseal.settings import Settings

log = logging.getLogger(__name__)


class Health(Enum):
    """How a stage ended, in cloud-init's words."""

    RUNNING = "running"
    DONE = "done"
    DEGRADED = "degraded"
    """Everything local is in place, and what the platform has to say is not, or not all of it."""
    ERROR = "error"


class Boot:
    """One boot of one clone. Raises Refused for a guest that is not a sealed template's clone."""

    def __init__(self, root: Root, machine: Machine, settings: Settings, *, live: bool = True) -> None:
        self.clone = Clone(root, Guest(root, live=live), machine, settings, live=live)
        self.record = _record(root)
        self.runtime = Runtime(machine.runtime_directory)

    def local(self) -> Report:
        """What needs no network: a clone has an identity of its own before anything can use the old one."""
        self._say(Stage.LOCAL, Health.RUNNING, (), {})
        entries = tuple(StageRun.begin(self.clone, self.record.id).run(Stage.LOCAL))
        return self._report(Stage.LOCAL, entries, _health(entries, complete=True), self._is_template())

    def network(self) -> Report:
        """Ask the platform, within one budget, and make what it says so. No answer changes nothing."""
        from guestseal.firstboot.candidates import make, waves
        from guestseal.firstboot.discovery import discover
        from guestseal.machine.clock import Deadline

        self._say(Stage.NETWORK, Health.RUNNING, (), {})
        run = StageRun.begin(self.clone, self.record.id)
        settings, clock = self.clone.settings, self.clone.machine.clock
        seconds = settings.later_budget if run.state.finished else settings.budget
        first, second = waves(self.clone.machine, settings)
        found = discover(
            make(first, self.clone.machine, settings),
            Deadline.after(clock, seconds),
            later=lambda: make(second, self.clone.machine, settings),
            known=run.state.instance,
        )
        run = replace(run, clone=replace(self.clone, metadata=found.metadata), source=found.source)
        entries: tuple[Entry, ...] = ()
        if found.metadata is None:
            entries = (Entry("metadata", Outcome.SKIPPED, detail="no source answered; everything stays as it is"),)
        else:
            self._remember(found.metadata)
        entries += tuple(run.run(Stage.NETWORK))
        if found.answered:
            run.finish(entries)
        complete = found.answered and not (found.metadata and found.metadata.missing) and run.state.confirmed
        attempts = [
            {"source": each.source, "address": each.address, "answer": each.answer, "seconds": round(each.seconds, 3)}
            for each in found.attempts
        ]
        facts: dict[str, Any] = {"attempts": attempts, **self._is_template()}
        if found.metadata is not None:
            facts |= {"source": found.metadata.source, "address": found.metadata.address}
            facts |= {"instance_id": found.metadata.instance_id}
            facts |= {"remarks": [*found.metadata.remarks, *found.metadata.missing]}
        return self._report(Stage.NETWORK, entries, _health(entries, complete=complete), facts)

    def _is_template(self) -> dict[str, Any]:
        """Whether this is the template master itself, booted after it was sealed."""
        if not self.clone.live or not self.record.sealed_on(self.clone.machine.firmware.uuid):
            return {}
        log.warning("this is the template master itself, booted since it was sealed: seal it again before it is cloned")
        return {"template_booted": True}

    def _remember(self, metadata: Any) -> None:
        document = {
            "source": metadata.source,
            "address": metadata.address,
            "instance-id": metadata.instance_id,
            "hostname": metadata.hostname,
            "ssh-keys": None if metadata.ssh_keys is None else list(metadata.ssh_keys),
            "password": "none" if metadata.password is None else "pending",
        }
        self.runtime.write(METADATA, document)

    def _report(self, stage: Stage, entries: Sequence[Entry], health: Health, facts: dict[str, Any]) -> Report:
        self._say(stage, health, entries, facts)
        failed = health is Health.ERROR
        return Report(
            "firstboot",
            f"{stage.value} stage {health.value}",
            tuple(entries),
            changed=any(entry.outcome is Outcome.DONE for entry in entries),
            failed=failed,
            exit_code=int(failed),
            facts={"stage": stage.value, "status": health.value, **facts},
            text=self._summary(facts) if stage is Stage.NETWORK else (),
        )

    def _summary(self, facts: dict[str, Any]) -> tuple[str, ...]:
        from guestseal.firstboot.summary import lines

        return tuple(lines(self.clone.root, facts))

    def _say(self, stage: Stage, health: Health, entries: Sequence[Entry], facts: dict[str, Any]) -> None:
        document = {
            "schema": 1,
            "status": health.value,
            "stage": stage.value,
            "seal": self.record.id,
            "steps": [entry.to_json() for entry in entries],
            "uptime": round(self.clone.machine.clock.monotonic(), 3),
            **facts,
        }
        try:
            self.runtime.write(STATUS, document)
        except OSError as error:  # /run full or read-only: personalising goes on, only the telling is lost
            log.warning("%s: not written: %s", STATUS, error)


def _record(root: Root) -> SealRecord:
    record = read_record(root)
    if record is not None:
        return record
    if unfinished(root):
        raise GuestError("/var/lib/guestseal", "the seal of the template did not come to its end: seal it again")
    raise Refused("not a clone of a sealed template: there is no seal record, so there is nothing to personalise")


def _health(entries: Sequence[Entry], *, complete: bool) -> Health:
    if any(entry.outcome is Outcome.FAILED for entry in entries):
        return Health.ERROR
    return Health.DONE if complete else Health.DEGRADED
