"""What a network stage tells the journal: one entry an event, with a message id that never changes.

``journalctl MESSAGE_ID=…`` finds them, ``journalctl -x`` explains them from
systemd/guestseal.catalog. Their fields are ``GUESTSEAL_SOURCE`` and ``GUESTSEAL_ADDRESS``
(who answered), ``GUESTSEAL_STEP``, ``GUESTSEAL_OUTCOME`` (of a step, or of the stage: done,
degraded, error) and ``GUESTSEAL_SECONDS``. They hold no secret, and nothing of them goes to
the console.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guestseal.machine.journal import ERROR, INFO, WARNING, Journal
from guestseal.report import Entry, Outcome

if TYPE_CHECKING:
    from guestseal.firstboot.discovery import Found

ANSWERED = "b89ff7a156ee4c5da028090f5fc812a1"
UNANSWERED = "96422d25cae949328914c667d09b2ccf"
STEP_DONE = "6f41b388a496417dbec53cbd3a61f858"
STEP_FAILED = "e18654e4b21c40f3a745b6ef5e3d06f3"
FINISHED = "87ae1eeb88514410bca1ce509eb82391"
TEMPLATE_BOOTED = "073109fd146e46d2a248080516273c19"

_PRIORITIES = {"done": INFO, "degraded": WARNING}


class Events:
    """The events of one network stage."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def asked(self, found: Found) -> None:
        """The sources were asked, and this is what came of it."""
        said = found.metadata
        if said is None:
            count = len(found.attempts)
            message = f"no source of metadata answered; {count} address{'' if count == 1 else 'es'} asked"
            self._journal.send(UNANSWERED, message, priority=WARNING)
            return
        fields = {"GUESTSEAL_SOURCE": said.source, "GUESTSEAL_ADDRESS": said.address}
        self._journal.send(ANSWERED, f"metadata from {said.source} at {said.address}", fields)

    def step(self, entry: Entry) -> None:
        """A step changed something or failed; of the others there is nothing to tell."""
        fields = {
            "GUESTSEAL_STEP": entry.name,
            "GUESTSEAL_OUTCOME": entry.outcome.value,
            "GUESTSEAL_SECONDS": f"{entry.seconds:.3f}",
        }
        if entry.outcome is Outcome.DONE:
            self._journal.send(STEP_DONE, f"{entry.name}: {entry.detail}", fields)
        elif entry.outcome is Outcome.FAILED:
            self._journal.send(STEP_FAILED, f"{entry.name} failed: {entry.detail}", fields, priority=ERROR)

    def template_booted(self) -> None:
        """This is no clone but the template master, booted since it was sealed."""
        self._journal.send(TEMPLATE_BOOTED, "the sealed template master itself was booted", priority=WARNING)

    def finished(self, outcome: str, source: str | None, seconds: float) -> None:
        """The stage has ended: ``outcome`` is done, degraded or error."""
        fields = {"GUESTSEAL_OUTCOME": outcome, "GUESTSEAL_SOURCE": source or "none"}
        fields["GUESTSEAL_SECONDS"] = f"{seconds:.3f}"
        priority = _PRIORITIES.get(outcome, ERROR)
        self._journal.send(FINISHED, f"network stage {outcome}", fields, priority=priority)
