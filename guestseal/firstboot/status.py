"""How far this machine is: sealed, being personalised, done. Reads only."""

from __future__ import annotations

from typing import Any

from guestseal.errors import GuestError, TimedOut
from guestseal.guest.seal_record import Stage, read_preparation, read_record
from guestseal.guest.tree import Tree
from guestseal.machine.clock import Deadline
from guestseal.machine.runtime import ARMED, STATUS, Runtime
from guestseal.report import Report

POLL = 0.25
"""Seconds between two looks while waiting."""

_MESSAGES = {
    "unsealed": "this machine was not sealed",
    "unfinished": "a seal was begun and did not come to its end: run `guestseal seal` again",
    "prepared": "prepared: it is sealed at its shutdown; power it off",
    "incomplete": "the final sweep did not come to its end: run `guestseal seal` again",
    "sealed": "sealed; no first boot has run since this machine started",
    "running": "being personalised",
    "done": "personalised",
    "degraded": "personalised as far as that goes without metadata: no source answered",
    "error": "a step failed",
}
_FINAL = ("unsealed", "unfinished", "prepared", "incomplete", "done", "degraded", "error")
_BAD = ("unfinished", "incomplete", "error")


def status(tree: Tree, runtime: Runtime) -> Report:
    """The state of this machine in one word, with what the last stage did."""
    document = runtime.read(STATUS) or {}
    word = _word(tree, document, armed=runtime.read_secret(ARMED) is not None)
    return Report(
        "status",
        _MESSAGES[word],
        failed=word in _BAD,
        exit_code=int(word in _BAD),
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


def _word(tree: Tree, document: dict[str, Any], *, armed: bool) -> str:
    under_way = read_preparation(tree)
    if under_way is not None:
        if under_way.stage is Stage.INCOMPLETE:
            return "incomplete"
        return "prepared" if under_way.stage is Stage.PREPARED and armed else "unfinished"
    try:
        if read_record(tree) is None:
            return "unsealed"
    except GuestError:
        return "error"
    if not document:
        return "sealed"
    # The local stage's success is not the end: logins wait for the network stage.
    local_done = document.get("stage") == "local" and document.get("status") == "done"
    return "running" if local_done else str(document.get("status", "running"))
