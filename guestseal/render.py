"""Reports as text for people and as JSON for programs. ASCII, no colour, 80 columns where paths allow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from guestseal.errors import printable
from guestseal.report import Entry, Outcome, Report

WIDTH = 80
_QUIET = (Outcome.CLEAN,)


def to_json(report: Report) -> str:
    """The report as one JSON document."""
    return json.dumps(report.to_json(), indent=1, ensure_ascii=True) + "\n"


def to_text(report: Report, *, listing: bool = False, verbose: bool = False) -> str:
    """The report for people: the table, the warnings, and the message last."""
    lines = [*report.text]
    if not report.closing:
        lines += table(report.entries, listing=listing, verbose=verbose)
    lines += [f"warning: {printable(warning)}" for warning in report.warnings]
    if report.closing:
        lines.append(report.closing)
    elif report.message:
        lines.append(f"guestseal {report.command}: {printable(report.message)}")
    return "\n".join([*lines, ""])


def table(entries: Iterable[Entry], *, listing: bool = False, verbose: bool = False) -> Iterator[str]:
    """One line an entry; ``listing`` adds its paths, ``verbose`` shows the ones with nothing to do."""
    shown = [entry for entry in entries if verbose or entry.outcome not in _QUIET]
    if not shown:
        return
    widest = max(len(entry.name) for entry in shown)
    for entry in shown:
        yield row(entry, widest)
        if listing:
            yield from (f"    {printable(path)}" for path in entry.paths)
            if entry.count > len(entry.paths):
                yield f"    and {entry.count - len(entry.paths)} more"


def row(entry: Entry, widest: int = 0) -> str:
    """One entry in one line; a reason goes on a line of its own when it does not fit."""
    amount = f"{entry.count:>7} {size(entry.size):>8}" if entry.count else " " * 16
    start = f"{entry.outcome.value:<8} {entry.name:<{widest}} {amount}"
    detail = printable(entry.detail or entry.heading)
    if len(start) + 2 + len(detail) <= WIDTH or not entry.detail:
        return f"{start}  {detail[: max(0, WIDTH - len(start) - 2)]}".rstrip()
    return f"{start.rstrip()}\n         {detail}"


def size(count: int) -> str:
    """A number of bytes for people: three digits and a unit."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1000
    return ""
