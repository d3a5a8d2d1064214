"""The two stages of a boot, as the units call them: what is done, in which bounds, and what is said of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any, NoReturn

from guestseal.errors import GuestError, Refused
from guestseal.firstboot.guard import Guard
from guestseal.firstboot.runner import StageRun
from guestseal.firstboot.step import Clone, Stage
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.guest.seal_record import SealRecord, read_record, unfinished
from guestseal.machine.host import Machine
from guestseal.machine.runtime import METADATA, STATUS, Runtime
from guestseal.report import Entry, Outcome, Report
from guestseal.settings import Settings

if TYPE_CHECKING:
    from guestseal.firstboot.discovery import Found

log = logging.getLogger(__name__)


class Health(Enum):
    """How a stage ended, in cloud-init's words."""

    RUNNING = "running"
    DONE = "done"
    DEGRADED = "degraded"
    """Everything local is in place, and what the platform has to say is not, or not all of it."""
    ERROR = "error"


class Boot:
    """One boot of one clone. Raises Refused for a guest that is neither a sealed template's nor treated as such."""

    def __init__(
        self, root: Root, machine: Machine, settings: Settings, *, live: bool = True, guard: Guard | None = None
    ) -> None:
        self.clone = Clone(root, Guest(root, live=live), machine, settings, live=live)
        self.runtime = Runtime(machine.runtime_directory)
        self.guard = guard or Guard(root, machine, self.runtime, live=live)
        self.record = _record(root) or self.guard.stand_in(settings) or _refuse()
        self._local_steps: list[Any] = []

    def local(self) -> Report:
        """What needs no network: a clone has an identity of its own before anything can use the old one."""
        self._say(Stage.LOCAL, Health.RUNNING, (), {})
        entries = tuple(StageRun.begin(self.clone, self.record.id).run(Stage.LOCAL))
        facts = {**self._is_template(), **self.guard.facts(self.record)}
        report = self._report(Stage.LOCAL, entries, _health(entries, complete=True), facts)
        self.guard.settle(self.record, personalised=not report.failed)
        return report

    def network(self, *, again: bool = False) -> Report:
        """Ask the platform, within one budget, and make what it says so. No answer changes nothing.

        ``again``: not for the first time on this boot, so status has been told already.
        """
        from guestseal.firstboot.events import Events

        events, clock = Events(self.clone.machine.journal), self.clone.machine.clock
        start = clock.monotonic()
        before = self.runtime.read(STATUS) or {}
        self._local_steps = before.get("steps" if before.get("stage") == Stage.LOCAL.value else "local_steps", [])
        if not again:
            self._say(Stage.NETWORK, Health.RUNNING, (), {})
        run, found, was_enough = self._ask()
        events.asked(found)
        entries: list[Entry] = []
        if found.metadata is None:
            entries.append(Entry("metadata", Outcome.SKIPPED, detail="no source answered; everything stays as it is"))
        else:
            self._remember(found.metadata)
        for entry in self._made_so(run, complete=found.complete):
            events.step(entry)
            entries.append(entry)
        told = run.state.confirmed and not run.owes_report
        health = _health(entries, complete=(found.complete or was_enough) and run.complete and told)
        facts = {**_told(found), **self._is_template(), **self._has_rival(), **self.guard.facts(self.record)}
        facts |= self._goes_on(health, again=again)
        if facts.get("template_booted"):
            events.template_booted()
        events.finished(health.value, facts.get("source"), clock.monotonic() - start)
        return self._report(Stage.NETWORK, entries, health, facts)

    def _made_so(self, run: StageRun, *, complete: bool) -> Iterator[Entry]:
        """The steps, and the report, which waits for them. ``complete``: the platform has told everything."""
        entries: list[Entry] = []
        for entry in run.run(Stage.NETWORK):
            entries.append(entry)
            yield entry
        if complete:
            try:
                run.finish(entries)
            except GuestError as error:  # a disk that cannot be written: the next boot finishes it
                log.warning("not finished: %s", error)
                run.complete = False
        yield from run.report_ready()

    def _ask(self) -> tuple[StageRun, Found, bool]:
        """What the platform says, the run of the steps that are to make it so, and whether no answer is one, too."""
        from guestseal.firstboot.candidates import make, may_go, waves
        from guestseal.firstboot.discovery import First, discover
        from guestseal.machine.clock import Deadline

        run = StageRun.begin(self.clone, self.record.id)
        machine, settings = self.clone.machine, self.clone.settings
        seconds = settings.later_budget if run.state.finished else settings.budget
        deadline = Deadline.after(machine.clock, seconds)
        first, second = waves(machine, settings)
        found = discover(
            make(first, machine, settings),
            deadline,
            later=lambda: make(second, machine, settings),
            first=First(run.state.instance, run.state.speaker),
        )
        clone = replace(self.clone, metadata=found.metadata)
        was_enough = found.metadata is None and run.state.finished and may_go((*first, *second))
        speaker = found.speaker
        if run.state.speaker in (*first, *second) and not run.state.reported:
            # It may be silent this time: a drive is detached. What is owed is owed to it, and to nobody else.
            (speaker,) = make([run.state.speaker], machine, settings)
        run = replace(run, clone=clone, source=found.source, speaker=speaker, deadline=deadline)
        return run, found, was_enough

    def _is_template(self) -> dict[str, Any]:
        """Whether this is the template master itself, booted after it was sealed."""
        if not self.clone.live or not self.record.sealed_on(self.clone.machine.firmware.uuid):
            return {}
        log.warning("this is the template master itself, booted since it was sealed: seal it again before it is cloned")
        return {"template_booted": True}

    def _goes_on(self, health: Health, *, again: bool) -> dict[str, Any]:
        """Whether the stage runs again in the background: for an answer, or for a step that failed."""
        from guestseal.firstboot.retry import follow

        if not self.clone.live:
            return {}
        wanting = health is not Health.DONE
        goes_on = follow(self.clone.machine, self.runtime, self.clone.settings, wanting=wanting, again=again)
        return {"retrying": True} if goes_on else {}

    def _has_rival(self) -> dict[str, Any]:
        """Whether cloud-init personalises this machine as well."""
        from guestseal.guest.services import cloud_init

        if not cloud_init.enabled(self.clone.root):
            return {}
        log.warning("cloud-init is enabled here as well and may take the password first: disable one of the two")
        return {"cloud_init_enabled": True}

    def _remember(self, metadata: Any) -> None:
        document = {
            "source": metadata.source,
            "address": metadata.address,
            "instance-id": metadata.instance_id,
            "hostname": metadata.hostname,
            "ssh-keys": None if metadata.ssh_keys is None else list(metadata.ssh_keys),
            "password": "none" if metadata.password is metadata.password_hash is None else "pending",
        }
        self._tell(METADATA, document)

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
            **(self._summary(entries, facts) if stage is Stage.NETWORK else {}),
        )

    def _summary(self, entries: Sequence[Entry], facts: dict[str, Any]) -> dict[str, Any]:
        """What the console shows: the report's ``text`` and ``closing``."""
        from guestseal.firstboot.summary import last_line, lines

        clock = self.clone.machine.clock
        text: tuple[str, ...] = ()
        try:
            text = tuple(lines(self.clone, entries, facts))
        except GuestError as error:  # the work is done: a file that cannot be read costs only its being told
            log.warning("the summary is not whole: %s", error)
        return {"text": text, "closing": last_line(clock.now(), clock.monotonic(), facts.get("source"))}

    def _say(self, stage: Stage, health: Health, entries: Sequence[Entry], facts: dict[str, Any]) -> None:
        document = {
            "schema": 1,
            "status": health.value,
            "stage": stage.value,
            "seal": self.record.id,
            "steps": [entry.to_json() for entry in entries],
            "local_steps": self._local_steps,
            "uptime": round(self.clone.machine.clock.monotonic(), 3),
            **facts,
        }
        self._tell(STATUS, document)

    def _tell(self, name: str, document: dict[str, Any]) -> None:
        try:
            self.runtime.write(name, document)
        except OSError as error:  # /run full or read-only: personalising goes on, only the telling is lost
            log.warning("%s: not written: %s", name, error)


def _record(root: Root) -> SealRecord | None:
    record = read_record(root)
    if record is None and unfinished(root):
        raise GuestError("/var/lib/guestseal", "the seal of the template did not come to its end: seal it again")
    return record


def _refuse() -> NoReturn:
    raise Refused("not a clone of a sealed template: there is no seal record, so there is nothing to personalise")


def _told(found: Found) -> dict[str, Any]:
    """Who was asked and what came of it, as JSON values."""
    facts: dict[str, Any] = {
        "attempts": [
            {"source": each.source, "address": each.address, "answer": each.answer, "seconds": round(each.seconds, 3)}
            for each in found.attempts
        ]
    }
    if found.metadata is not None:
        facts |= {"source": found.metadata.source, "address": found.metadata.address}
        facts |= {"instance_id": found.metadata.instance_id}
        facts |= {"remarks": [*found.metadata.remarks, *found.metadata.missing]}
    return facts


def _health(entries: Sequence[Entry], *, complete: bool) -> Health:
    if any(entry.outcome is Outcome.FAILED for entry in entries):
        return Health.ERROR
    return Health.DONE if complete else Health.DEGRADED
