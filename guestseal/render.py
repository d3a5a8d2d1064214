"""Reports as text for people and as JSON for programs. ASCII, no colour, 80 columns where paths allow.

On a terminal the lines are as wide as it is, and break between words. Elsewhere a warning, like the last line,
is one line however long, which grep(1) finds whole.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import TextIO

from guestseal.errors import printable
from guestseal.report import Entry, Outcome, Report

WIDTH = 80
SCREEN = 20
"""Lines of a listing after which the table is shown once more, without the paths: they have scrolled it away."""
_LEAST = 12
"""Columns below which a heading is left out rather than cut."""


def columns(stream: TextIO) -> int | None:
    """The width of the terminal that ``stream`` is; None: it is none."""
    if not stream.isatty():
        return None
    import shutil

    # A serial console says 0, and Python before 3.11 passes that on.
    return shutil.get_terminal_size((WIDTH, 0)).columns or WIDTH


def to_json(report: Report) -> str:
    """The report as one JSON document."""
    return json.dumps(report.to_json(), indent=1, ensure_ascii=True) + "\n"


def to_text(report: Report, *, listing: bool = False, verbose: bool = False, width: int | None = None) -> str:
    """The report for people: the table, the warnings, and the message last. ``width``: the terminal's."""
    lines = [*report.text]
    told: set[str] = set()
    if not report.closing:
        lines += _tables(report.entries, listing=listing, verbose=verbose, width=width)
        # The table says why they are kept.
        told = {f"{entry.name}: {entry.detail}" for entry in report.entries if entry.outcome is Outcome.KEPT}
    lines += warnings((warning for warning in report.warnings if warning not in told), width)
    if report.closing:
        lines.append(folded(report.closing, width))
    elif report.message:
        lines.append(folded(f"guestseal {report.command}: {printable(report.message)}", width))
    return "\n".join([*lines, ""])


def warnings(texts: Iterable[str], width: int | None) -> Iterator[str]:
    """Each as a line, or as several where the terminal is not wide enough."""
    return (folded(f"warning: {printable(text)}", width) for text in texts)


def table(entries: Iterable[Entry], *, verbose: bool = False, width: int | None = None) -> list[str]:
    """A line an entry; ``verbose`` shows also those with nothing to do, and those whose findings are all they have."""
    shown = _shown(entries, verbose=verbose)
    widest = max((len(entry.name) for entry in shown), default=0)
    return [row(entry, widest, width) for entry in shown]


def row(entry: Entry, widest: int = 0, width: int | None = None) -> str:
    """One entry in one line; a reason goes on lines of its own when it does not fit."""
    amount = f"{entry.count:>5} {size(entry.size):>7}" if entry.count else " " * 13
    start = f"{entry.outcome.value:<8} {entry.name:<{widest}} {amount}"
    room = (width or WIDTH) - len(start) - 2
    # "kept, because" begins the reason, and the row begins with "kept".
    detail = printable(entry.detail.removeprefix("kept, ") if entry.outcome is Outcome.KEPT else entry.detail)
    if not detail:
        heading = textwrap.shorten(entry.heading, room, placeholder=" ...") if room >= _LEAST else ""
        return f"{start}  {heading}".rstrip()
    if len(detail) <= room:
        return f"{start}  {detail}"
    return f"{start.rstrip()}\n{folded(detail, width, indent=9, first=9)}"


def folded(text: str, width: int | None, *, indent: int = 4, first: int = 0) -> str:
    """``text`` in lines of ``width`` columns, broken between words; the second and all after it are indented."""
    if width is None:
        return " " * first + text
    return textwrap.fill(
        text,
        max(width, indent + _LEAST),
        initial_indent=" " * first,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def size(count: int) -> str:
    """A number of bytes for people: three digits and a unit."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1000
    return ""


def paths(count: int) -> str:
    """A number of paths for people."""
    return f"{count} path" if count == 1 else f"{count} paths"


def _tables(entries: Iterable[Entry], *, listing: bool, verbose: bool, width: int | None) -> Iterator[str]:
    shown = _shown(entries, verbose=verbose)
    rows = table(shown, verbose=verbose, width=width)
    if not listing:
        yield from rows
        return
    named = [[*_named(entry)] for entry in shown]
    for line, below in zip(rows, named):
        yield line
        yield from below
    if sum(map(len, named)) > SCREEN:
        yield from ("", *rows)


def _shown(entries: Iterable[Entry], *, verbose: bool) -> list[Entry]:
    return [entry for entry in entries if verbose or not _told_elsewhere(entry)]


def _told_elsewhere(entry: Entry) -> bool:
    """Whether the table loses nothing without it: there is nothing to do, or its findings are warnings below."""
    return entry.outcome is Outcome.CLEAN or (entry.outcome is Outcome.WARNED and bool(entry.findings))


def _named(entry: Entry) -> Iterator[str]:
    yield from (f"    {printable(path)}" for path in entry.paths)
    if entry.count > len(entry.paths):
        yield f"    and {entry.count - len(entry.paths)} more"
