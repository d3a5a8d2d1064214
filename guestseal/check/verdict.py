"""The verdict of a check: what its entries come to, together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

from guestseal.report import Entry, Outcome, Report
from guestseal.seal.operation import Kind

NAMED = 6
"""Names of what is left in the last line."""
FAILING = (Kind.IDENTITY.value, Kind.SECRET.value)


class Level(Enum):
    """What one entry means for the verdict. The values are those of SARIF and of the table."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    """Clutter: it fails only when the check is strict, as a warning does."""
    NONE = "none"


def level(entry: Entry) -> Level:
    """What an entry means for the verdict."""
    if entry.outcome is Outcome.FAILED:
        return Level.ERROR
    if entry.outcome in (Outcome.LEFT, Outcome.KEPT):
        return Level.ERROR if entry.kind in FAILING else Level.NOTE
    return Level.WARNING if entry.outcome is Outcome.WARNED else Level.NONE


def fails(entry: Entry, *, strict: bool) -> bool:
    """Whether an entry makes a check fail: one that is ``strict`` passes nothing over."""
    return level(entry) is Level.ERROR or (strict and level(entry) is not Level.NONE)


def report(entries: Sequence[Entry], notes: Sequence[str], *, strict: bool) -> Report:
    """The report of a check: identity or secrets left fail it, and a failed readiness check does.

    Clutter, warnings and ``notes`` do when it is ``strict``.
    """
    failed = any(fails(entry, strict=strict) for entry in entries) or (strict and bool(notes))
    return Report(
        "check",
        "; ".join(_sentences(entries)),
        tuple(entries),
        failed=failed,
        exit_code=int(failed),
        warnings=(*_warnings(entries), *notes),
        facts={"strict": strict},
    )


def _warnings(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        if level(entry) is Level.WARNING:
            yield from entry.warnings or (f"{entry.name}: {entry.detail}",)


def _sentences(entries: Sequence[Entry]) -> Iterator[str]:
    cleanliness = [entry for entry in entries if entry.section in ("leftovers", "residue")]
    if cleanliness:
        yield _cleanliness(cleanliness)
    # Who reads no further must not take a guest for ready in which something is left.
    ready = "readiness passed" if Level.ERROR in map(level, entries) else "ready to be cloned"
    for section, bad, good in (
        ("clone", "NOT reset", "reset: nothing of the template's identity is in this clone"),
        ("readiness", "NOT ready", ready),
    ):
        asked = [entry for entry in entries if entry.section == section]
        wrong = [entry.name for entry in asked if level(entry) is Level.ERROR]
        if asked:
            yield f"{bad}: {', '.join(wrong)}" if wrong else good


def _cleanliness(entries: Sequence[Entry]) -> str:
    broken = [entry.name for entry in entries if entry.outcome is Outcome.FAILED]
    if broken:
        return f"not checked to the end: {', '.join(broken)}"
    bad = [entry for entry in entries if level(entry) is Level.ERROR]
    if bad:
        return f"NOT clean: {_named(dict.fromkeys(entry.name for entry in bad))}; {_remedy(bad)}"
    unsearched = [entry.name for entry in entries if entry.section == "residue" and level(entry) is Level.WARNING]
    if unsearched:
        return f"clean as far as it was searched: {', '.join(unsearched)}"
    left = [entry.name for entry in entries if level(entry) is Level.NOTE]
    if left:
        return f"clean; only clutter is left: {_named(left)}"
    return "clean: nothing of this guest's identity or secrets that guestseal knows of is left"


def _named(names: Iterable[str]) -> str:
    """The names, or the first of many: the entries have them all."""
    names = list(names)
    more = len(names) - NAMED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:NAMED])} and {more} more"


def _remedy(bad: Sequence[Entry]) -> str:
    leftovers = [entry for entry in bad if entry.section == "leftovers"]
    if not leftovers:
        return "each finding says where"
    if all(entry.outcome is Outcome.KEPT for entry in leftovers):
        return "each says why it was kept"
    return "`guestseal seal` takes it away" if len(leftovers) == len(bad) else "`guestseal seal` takes most of it away"
