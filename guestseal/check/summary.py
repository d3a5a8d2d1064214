"""A check as a table that a person reads at a glance: by section, what is wrong first, each with its remedy."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from guestseal.check.residue.runner import SUMMARY
from guestseal.check.verdict import Level, level
from guestseal.errors import printable
from guestseal.render import WIDTH, size
from guestseal.report import Entry, Finding, Outcome

HEADINGS = {
    "leftovers": "Left over",
    "residue": "Residue",
    "clone": "Against the template",
    "readiness": "Readiness",
}
WORDS = {Level.ERROR: "FAIL", Level.WARNING: "warn", Level.NOTE: "note"}
COUNTED = {
    "FAIL": ("failed", "failed"),
    "warn": ("warning", "warnings"),
    "note": ("note", "notes"),
    "skip": ("skipped", "skipped"),
    "ok": ("ok", "ok"),
}
ORDER = (Level.ERROR, Level.WARNING, Level.NOTE, Level.NONE)
SHOWN = 8
"""Findings of an entry that are shown; ``-v`` shows all that the report names."""


def lines(entries: Sequence[Entry], *, verbose: bool) -> Iterator[str]:
    """The table: a line a section, and below it what is not well; ``verbose``: everything that was asked."""
    for section, heading in HEADINGS.items():
        own = [entry for entry in entries if entry.section == section]
        if not own:
            continue
        yield f"{heading}: {_counts(own)}"
        # What was searched, and for what, is told always: that nothing was found says little without.
        shown = [entry for entry in own if verbose or level(entry) is not Level.NONE or entry.name == SUMMARY]
        widest = max((len(entry.name) for entry in shown), default=0)
        for entry in sorted(shown, key=lambda entry: ORDER.index(level(entry))):
            yield from _entry(entry, widest, verbose=verbose)
        yield ""


def _counts(entries: Sequence[Entry]) -> str:
    count = Counter(_word(entry) for entry in entries)
    return ", ".join(f"{count[word]} {_number(count[word], *says)}" for word, says in COUNTED.items() if count[word])


def _number(count: int, one: str, more: str) -> str:
    return one if count == 1 else more


def _word(entry: Entry) -> str:
    return WORDS.get(level(entry), "skip" if entry.outcome is Outcome.SKIPPED else "ok")


def _entry(entry: Entry, widest: int, *, verbose: bool) -> Iterator[str]:
    start = f"  {_word(entry):<4}  {entry.name:<{widest}}"
    amount = f"{entry.count} {_number(entry.count, 'path', 'paths')}, {size(entry.size)}: " if entry.count else ""
    yield from _wrapped(start, f"{amount}{printable(entry.detail or entry.heading)}")
    indent = " " * 8
    if verbose:
        yield from (f"{indent}{printable(path)}" for path in entry.paths)
    found = entry.findings if verbose else entry.findings[:SHOWN]
    remedy = ""
    for each in found:
        yield f"{indent}{_place(each)}{printable(each.what)}"
        remedy = each.remedy
        if len({other.remedy for other in found}) > 1:
            yield f"{indent}  -> {printable(remedy)}"
    if entry.found > len(found):
        yield f"{indent}and {entry.found - len(found)} more"
    if found and len({other.remedy for other in found}) == 1:
        yield f"{indent}-> {printable(remedy)}"
    if verbose and entry.source:
        yield f"{indent}({entry.source})"


def _place(finding: Finding) -> str:
    line = f":{finding.line}" if finding.line else ""
    mark = f" [{finding.fingerprint}]" if finding.fingerprint else ""
    return f"{printable(finding.path)}{line}{mark}: " if finding.path else ""


def _wrapped(start: str, text: str) -> Iterator[str]:
    if len(start) + 2 + len(text) <= WIDTH:
        yield f"{start}  {text}".rstrip()
    else:
        yield start.rstrip()
        indent = " " * 8
        yield from textwrap.wrap(
            text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
