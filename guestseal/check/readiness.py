"""Running readiness checks: ask each, weigh what it says by the platform, and mend what can be mended.

A check that fails with an error stops no other one, and never passes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator

from guestseal.catalog import Item, discover, select
from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.check.profile import PACKAGE as PROFILES
from guestseal.check.profile import Profile, Severity
from guestseal.errors import GuestsealError, printable
from guestseal.report import Entry, Finding, Outcome

PACKAGE = "guestseal.check.checks"
SECTION = "readiness"
GENERIC = "generic"
"""The profile where the user names none."""

log = logging.getLogger(__name__)


def checks() -> dict[str, Item[Check]]:
    """Every readiness check, by name."""
    return discover(PACKAGE, "CHECK", Check)


def profiles() -> dict[str, Item[Profile]]:
    """Every platform, by name."""
    return discover(PROFILES, "PROFILE", Profile)


def chosen(selection: str, profile: Profile) -> list[Item[Check]]:
    """The checks a selection means on a platform, in the catalog's order: those of other platforms only when named."""
    known = checks()
    defaults = [name for name, item in known.items() if _belongs(name, item.value, profile)]
    return [known[name] for name in select(selection, known, defaults, "check")]


def _belongs(name: str, check: Check, profile: Profile) -> bool:
    ignored = profile.severities.get(name) is Severity.IGNORE
    return not ignored and (not check.profiles or profile.name in check.profiles)


def run(items: Iterable[Item[Check]], subject: Subject) -> Iterator[Entry]:
    """What each check says, as an entry: PASSED, WARNED, FAILED, or SKIPPED with the reason."""
    for item in items:
        yield _entry(item, subject)


def _entry(item: Item[Check], subject: Subject) -> Entry:
    start = time.monotonic()
    detail = ""
    problems: list[Problem] = []
    try:
        problems += item.value.look(subject)
        outcome = weigh(item.name, problems, subject.profile)
    except Inapplicable as reason:
        outcome, detail = Outcome.SKIPPED, str(reason)
    except GuestsealError as error:
        outcome, detail = Outcome.WARNED, f"could not look: {error}"
    findings = tuple(Finding(each.path, printable(each.what), printable(each.remedy), each.line) for each in problems)
    return Entry(
        item.name,
        outcome,
        item.heading,
        detail=detail,
        seconds=time.monotonic() - start,
        findings=findings,
        found=len(findings),
        source=item.value.source,
        section=SECTION,
    )


def weigh(name: str, problems: Iterable[Problem], profile: Profile) -> Outcome:
    """What a check's problems come to on a platform."""
    problems = list(problems)
    if not problems:
        return Outcome.PASSED
    severity = profile.severities.get(name)
    fails = any(problem.fails for problem in problems) if severity is None else severity is Severity.FAIL
    return Outcome.FAILED if fails else Outcome.WARNED
