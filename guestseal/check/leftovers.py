"""What sealing would still take away: the plan itself, read as findings."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from guestseal.guest.seal_record import Preparation, Stage
from guestseal.report import Entry, Outcome
from guestseal.seal.operation import Kind

SECTION = "leftovers"


def findings(planned: Iterable[Entry], judged: Container[str] = ()) -> Iterator[Entry]:
    """A survey's entries as what they mean to a check: LEFT, KEPT, WARNED, CLEAN or FAILED.

    What the operations named in ``judged`` only report, a readiness check tells.
    """
    for entry in planned:
        if entry.outcome is Outcome.WARNED and entry.name in judged:
            continue
        outcome = Outcome.LEFT if entry.outcome is Outcome.PLANNED else entry.outcome
        yield replace(entry, outcome=outcome, section=SECTION)


def under_way(preparation: Preparation | None) -> Iterator[Entry]:
    """A seal that has not come to its end, as a finding; one that waits for the shutdown, as a note."""
    if preparation is None:
        return
    waits = preparation.stage is Stage.PREPARED
    why = "waits for the shutdown" if waits else preparation.why or "was begun and has not come to its end"
    kind = Kind.CLUTTER if waits else Kind.IDENTITY
    detail = f"a seal {why}: seal again, or power off"
    yield Entry("seal-record", Outcome.LEFT, "A seal is under way", kind.value, detail, section=SECTION)
