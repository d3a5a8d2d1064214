"""Look whether anything of the template is left, and whether a clone of it will live; change nothing.

Looked at are, by section:

leftovers   what sealing would still take away
residue     the machine's own facts (addresses, names, keys, identifiers) and secrets,
            searched for in names and contents of files that no operation knows
readiness   what a clone needs to boot elsewhere, to be reached and to be kept, for the
            platform that --profile names
clone       with --clone, on a booted clone: whether everything was reset

What identifies a machine is known while it runs or before it is sealed: --remember FILE
notes it outside the guest, and --recall FILE searches for it in the sealed image. Without,
it is searched for what the guest still says of itself, and the salted hashes of the seal
record are compared: of machine-id, host keys and, below /etc, host name.

--fix looks at the readiness alone, and mends what can be mended safely, after showing the plan.

Exit status 0: clean and ready; 1: something is left, or a check failed, each named with
its remedy. Clutter and warnings count only with --strict.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import replace

from guestseal.catalog import Item, unknown
from guestseal.check import clone, leftovers, mending, readiness, summary, verdict
from guestseal.check.check import Check, Subject
from guestseal.check.profile import Profile
from guestseal.check.residue import identifiers, memory
from guestseal.check.residue import runner as residue
from guestseal.errors import Refused, UsageError, printable
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.guest.seal_record import read_preparation, read_record
from guestseal.guest.tree import Tree
from guestseal.junit import to_junit
from guestseal.machine.host import Machine
from guestseal.report import Entry, Report
from guestseal.sarif import to_sarif
from guestseal.seal import profiles, site_rules
from guestseal.seal.coverage import Coverage
from guestseal.seal.operation import Operation
from guestseal.seal.runner import chosen, require_guest, survey
from guestseal.settings import load

SECTIONS = (leftovers.SECTION, residue.SECTION, readiness.SECTION)
RENDERERS = {
    "junit": lambda report: to_junit(report, lambda entry: verdict.fails(entry, strict=report.facts["strict"])),
    "sarif": lambda report: to_sarif(report, lambda entry: verdict.level(entry).value),
}
"""The forms of a result that only a check has."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``check``."""
    parser.add_argument("--only", metavar="LIST", default="", help=f"what to look at: {', '.join(SECTIONS)} (all)")
    parser.add_argument(
        "--profile", metavar="NAME", default=readiness.GENERIC, help="the platform the image is for (%(default)s)"
    )
    parser.add_argument("--operations", metavar="LIST", help="what to look for: a selection of operations")
    parser.add_argument("--checks", metavar="LIST", default="", help="a selection of readiness checks")
    parser.add_argument("--user", metavar="NAME", default="", help="search for the name of this account as well")
    parser.add_argument(
        "--remember", metavar="FILE", help="note what identifies the guest in FILE, and look at nothing"
    )
    parser.add_argument("--recall", metavar="FILE", help="search for what --remember noted in FILE")
    parser.add_argument("--clone", action="store_true", help="on a booted clone: compare it with its template")
    parser.add_argument("--fix", action="store_true", help="mend what can be mended safely")
    parser.add_argument("-y", "--yes", action="store_true", help="with --fix: do not ask")
    parser.add_argument("--strict", action="store_true", help="clutter and warnings make the exit status 1")


def run(options: argparse.Namespace) -> Report:
    """Look, and judge."""
    _require_sense(options)
    sections = _sections(options)
    profile = _profile(options.profile)
    items = readiness.chosen(options.checks, profile)
    if not items and sections == [readiness.SECTION]:
        raise UsageError(f"--checks {printable(options.checks)}: no check is left to be asked")
    with Root(options.root) as tree:  # which changes nothing unless --fix says so
        require_guest(tree)
        subject = _subject(options, tree, profile)
        if options.remember is not None:
            return _remember(options, subject)
        entries = [entry for section in sections for entry in _LOOK[section](options, subject, items)]
        remarks = list(_mended(options, items, entries, subject, tree)) if options.fix else []
        if options.fix:
            entries = [entry for entry in entries if entry.section != readiness.SECTION]
            entries += readiness.run(items, _subject(options, tree, profile))
        notes = [*remarks, *(f"{path}: {why}" for path, why in sorted(tree.passed_over.items()))]
    report = verdict.report(entries, notes, strict=options.strict)
    if options.format != "text":
        return report
    # The table tells every warning in its place.
    text = (*summary.lines(entries, verbose=options.verbose > 0), *(f"note: {printable(note)}" for note in notes))
    return replace(report, text=text, warnings=(), closing=f"guestseal check: {printable(report.message)}")


def _require_sense(options: argparse.Namespace) -> None:
    """Raise UsageError for options of which one would be passed over in silence."""
    for one, others in (("remember", ("recall", "clone", "fix", "only")), ("fix", ("clone", "recall"))):
        also = [other for other in others if getattr(options, other)]
        if getattr(options, one) and also:
            raise UsageError(f"--{one} and --{also[0]}: give one of them")
    if options.yes and not options.fix:
        raise UsageError("--yes confirms nothing without --fix")
    if re.search(r"[\s:,]", options.user) or not options.user.isprintable():
        raise UsageError(f"--user {printable(options.user)}: no account is called so")


def _sections(options: argparse.Namespace) -> list[str]:
    """The sections to look at, in the order of the table."""
    given = options.only.replace(",", " ").split()
    if options.only and not given:
        raise UsageError("--only: it names no section")
    for word in given:
        if word not in (*SECTIONS, clone.SECTION):
            raise UsageError(unknown("section", word, SECTIONS))
    # A clone has keys and logs of its own: what sealing would take away there is what makes it a machine.
    every: tuple[str, ...] = (clone.SECTION, *SECTIONS[1:]) if options.clone else SECTIONS
    if options.fix:
        every = (readiness.SECTION,)
    for word in given:
        if word not in every:
            option = "--fix" if options.fix else "--clone"
            why = "is not looked at with" if options.fix or options.clone else "needs"
            raise UsageError(f"--only {word}: this section {why} {option}")
    return [section for section in every if not given or section in given]


def _profile(name: str) -> Profile:
    known = readiness.profiles()
    if name not in known:
        raise UsageError(unknown("profile", name, known))
    return known[name].value


def _subject(options: argparse.Namespace, tree: Tree, profile: Profile) -> Subject:
    settings = load(tree, extra=options.config)
    live = options.root == "/"
    guest = Guest(tree, choices=profiles.choices(settings), live=live)
    return Subject(guest, profile, Machine() if live else None)


def _operations(options: argparse.Namespace, subject: Subject) -> tuple[list[Item[Operation]], Guest]:
    """What has to have been done: as the user says, or else the platform, or else the settings."""
    given = {"operations": options.operations or subject.profile.operations}
    settings = load(subject.tree, extra=options.config, options={key: value for key, value in given.items() if value})
    guest = Guest(subject.tree, choices=profiles.choices(settings), live=subject.guest.live)
    return chosen(settings.operations, site_rules.read(subject.tree)), guest


def _leftovers(options: argparse.Namespace, subject: Subject, _: list[Item[Check]]) -> Iterator[Entry]:
    yield from leftovers.findings(survey(*_operations(options, subject)))
    yield from leftovers.under_way(read_preparation(subject.tree))


def _residue(options: argparse.Namespace, subject: Subject, _: list[Item[Check]]) -> Iterator[Entry]:
    record = read_record(subject.tree)
    if options.recall is not None:
        known = memory.recall(options.recall)
    elif options.clone:
        # What it is now is its own: only the record tells what it must not be.
        known = identifiers.Identifiers()
    else:
        known = _known(options, subject)
    coverage = Coverage(*_operations(options, subject))
    return residue.residue(subject.guest, known, coverage.reaches, residue.Extent(record=record))


def _known(options: argparse.Namespace, subject: Subject) -> identifiers.Identifiers:
    known = identifiers.of_tree(subject.guest, user=options.user)
    return known if subject.machine is None else known | identifiers.of_machine(subject.machine)


def _remember(options: argparse.Namespace, subject: Subject) -> Report:
    known = _known(options, subject)
    if not known.values:
        raise Refused("nothing identifies this guest: was it sealed already? nothing was noted")
    memory.remember(options.remember, known, subject.tree)
    kinds = ", ".join(dict.fromkeys(each.kind for each in known.values))
    left_out = tuple(f"not every {kind} is noted: {why}" for kind, why in sorted(known.left_out.items()))
    return Report("check", f"noted in {options.remember}: {kinds}", warnings=left_out)


def _readiness(_: argparse.Namespace, subject: Subject, items: list[Item[Check]]) -> Iterator[Entry]:
    return readiness.run(items, subject)


def _clone(_: argparse.Namespace, subject: Subject, __: list[Item[Check]]) -> Iterator[Entry]:
    uuid = None if subject.machine is None else subject.machine.firmware.uuid
    return clone.entries(subject.tree, read_record(subject.tree), uuid)


_LOOK = {
    leftovers.SECTION: _leftovers,
    residue.SECTION: _residue,
    readiness.SECTION: _readiness,
    clone.SECTION: _clone,
}


def _mended(
    options: argparse.Namespace, items: list[Item[Check]], entries: list[Entry], subject: Subject, root: Root
) -> Iterator[str]:
    """Mend what can be, once it was shown and confirmed; what could not be done is told."""
    plan = list(mending.planned(items, entries, subject))
    if not plan:
        return
    for line in (line for each in plan for line in each.lines()):
        sys.stderr.write(f"  {line}\n")
    if not options.yes:
        _confirm(options.root)
    yield from mending.perform(plan, root, subject)


def _confirm(path: str) -> None:
    if not sys.stdin.isatty():
        raise Refused("not confirmed: there is no terminal to ask on; --yes mends without asking")
    sys.stderr.write(f"Type 'fix' to change {path}: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip() != "fix":
        raise Refused("not confirmed: nothing was changed")
