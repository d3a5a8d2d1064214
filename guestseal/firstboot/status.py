"""How far this machine is: sealed, being personalised, done. Reads only."""

from __future__ import annotations

from typing import Any

from guestseal.errors import GuestError, TimedOut
from guestseal.firstboot.guard import UNSEALED_CLONE
from guestseal.guest.seal_record import Stage, read_preparation, read_record
from guestseal.guest.tree import Tree
from guestseal.machine.clock import Deadline
from guestseal.machine.runtime import ARMED, STATUS, Runtime
from guestseal.report import Outcome, Report

POLL = 0.25
"""Seconds between two looks while waiting."""

_MESSAGES = {
    "unsealed": "this machine was not sealed",
    UNSEALED_CLONE: "runs on other hardware than before and was never sealed: perhaps a clone with its template's keys",
    "unfinished": "a seal was begun and did not come to its end: run `guestseal seal` again",
    "prepared": "prepared: it is sealed at its shutdown; power it off",
    "incomplete": "the final sweep did not come to its end: run `guestseal seal` again",
    "sealed": "sealed; no first boot has run since this machine started",
    "running": "being personalised",
    "interrupted": "a stage was stopped before its end; guestseal-retry.timer runs the network stage again",
    "done": "personalised",
    "degraded": "personalised as far as that goes without metadata: no source answered",
    "incomplete-answer": "personalised, but the platform did not say everything: `guestseal status --long`",
    "error": "a step failed",
}
_FINAL = ("unsealed", UNSEALED_CLONE, "unfinished", "prepared", "incomplete", "done", "degraded", "error")
_BAD = (UNSEALED_CLONE, "unfinished", "incomplete", "interrupted", "error")


def status(tree: Tree, runtime: Runtime) -> Report:
    """The state of this machine in one word, with what the last stage did."""
    document = _last(runtime)
    word = _word(tree, document, armed=runtime.read_secret(ARMED) is not None)
    return Report(
        "status",
        _MESSAGES["incomplete-answer" if word == "degraded" and document.get("source") else word],
        failed=word in _BAD,
        exit_code=int(word in _BAD),
        warnings=(document["remedy"],) if "remedy" in document else (),
        facts={**document, "status": word},
    )


def wait(tree: Tree, runtime: Runtime, deadline: Deadline) -> Report:
    """As ``status``, once the network stage has ended. Raises TimedOut at the deadline."""
    while True:
        report = status(tree, runtime)
        if report.facts["status"] in _FINAL:
            return report
        if deadline.passed:
            raise TimedOut(f"still {report.facts['status']} when the time was over")
        deadline.clock.pause(min(POLL, deadline.remaining))


def _last(runtime: Runtime) -> dict[str, Any]:
    """What the last stage said; of one that runs no more without having said so, that it was interrupted."""
    document = runtime.read(STATUS) or {}
    if document.get("status") != "running" or runtime.is_anybody_in() is not False:
        return document
    # Whoever ended in between has said how. The same words again: their writer has left without any others.
    latest = runtime.read(STATUS) or {}
    return {**latest, "status": "interrupted"} if latest == document else latest


def _word(tree: Tree, document: dict[str, Any], *, armed: bool) -> str:
    under_way = read_preparation(tree)
    if under_way is not None:
        if under_way.stage is Stage.INCOMPLETE:
            return "incomplete"
        return "prepared" if under_way.stage is Stage.PREPARED and armed else "unfinished"
    try:
        # A stage that has run without a record says under which id, or why it left the machine alone.
        if read_record(tree) is None and "seal" not in document:
            return UNSEALED_CLONE if document.get("status") == UNSEALED_CLONE else "unsealed"
    except GuestError:
        return "error"
    return _stage_word(document) if document else "sealed"


def _stage_word(document: dict[str, Any]) -> str:
    """What the document of the last stage comes to."""
    if any(step["status"] == Outcome.FAILED.value for step in document.get("local_steps", ())):
        return document["status"] if document["status"] in ("running", "interrupted") else "error"
    # The local stage's success is not the end: logins wait for the network stage.
    local_done = document.get("stage") == "local" and document.get("status") == "done"
    return "running" if local_done else str(document.get("status", "running"))
