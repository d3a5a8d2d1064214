"""What sealing would still take away: the plan itself, read as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from guestseal.guest.seal_record import Preparation, Stage
from guestseal.report import Entry, Outcome, Report
from guestseal.seal.operation import Kind

FINDINGS = (Kind.IDENTITY.value, Kind.SECRET.value)


def findings(planned: Iterable[Entry]) -> Iterator[Entry]:
    """A survey's entries as what they mean to a check: LEFT, KEPT, CLEAN or FAILED."""
    for entry in planned:
        yield replace(entry, outcome=Outcome.LEFT) if entry.outcome is Outcome.PLANNED else entry


def under_way(preparation: Preparation | None) -> Iterator[Entry]:
    """A seal that has not come to its end, as a finding; one that waits for the shutdown, as a note."""
    if preparation is None:
        return
    waits = preparation.stage is Stage.PREPARED
    why = "waits for the shutdown" if waits else preparation.why or "was begun and has not come to its end"
    kind = Kind.CLUTTER if waits else Kind.IDENTITY
    detail = f"a seal {why}: seal again, or power off"
    yield Entry("seal-record", Outcome.LEFT, "A seal is under way", kind.value, detail)


def report(entries: Sequence[Entry], notes: Sequence[str], *, strict: bool) -> Report:
    """The verdict: identity or secrets left fail it; clutter, findings and ``notes`` do when ``strict``."""
    notes = [*(warning for entry in entries for warning in entry.warnings), *notes]
    left = [entry for entry in entries if entry.outcome in (Outcome.LEFT, Outcome.KEPT)]
    bad = [entry for entry in left if entry.kind in FINDINGS or strict]
    broken = [entry for entry in entries if entry.outcome is Outcome.FAILED]
    failed = bool(bad or broken or (strict and notes))
    return Report(
        "check",
        _verdict(bad, broken, left),
        tuple(entries),
        failed=failed,
        exit_code=1 if failed else 0,
        warnings=tuple(notes),
    )


def _verdict(bad: Sequence[Entry], broken: Sequence[Entry], left: Sequence[Entry]) -> str:
    if broken:
        return f"not checked to the end: {', '.join(entry.name for entry in broken)}"
    if bad:
        kept = all(entry.outcome is Outcome.KEPT for entry in bad)
        remedy = "each says why it was kept" if kept else "`guestseal seal` takes it away"
        return f"NOT clean: {', '.join(entry.name for entry in bad)}; {remedy}"
    if left:
        return f"clean; only clutter is left: {', '.join(entry.name for entry in left)}"
    return "clean: nothing of this guest's identity or secrets that guestseal knows of is left"
