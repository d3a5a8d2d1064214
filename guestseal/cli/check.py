"""Look whether anything of the template is left, and whether a clone of it will live; change nothing.

Looked at are, by section:

    leftovers  what sealing would still take away
    residue    the machine's own facts (addresses, names, keys, identifiers)
               and secrets, searched for in names and contents of files
               that no operation knows
    readiness  what a clone needs to boot elsewhere, to be reached and to be
               kept, for the platform that --profile names
    clone      with --clone, on a booted clone: whether everything was reset

What identifies a machine is known while it runs or before it is sealed: --remember FILE
notes it outside the guest, and --recall FILE searches for it in the sealed image. Without,
it is searched for what the guest still says of itself, and the salted hashes of the seal
record are compared: of machine-id, host keys and, below /etc, host name.

--fix looks at the readiness alone, and mends what can be mended safely, after showing the plan.

For pipelines --format takes junit and sarif as well as json.

Exit status 0: clean and ready; 1: something is left, or a check failed, each named with
its remedy. Clutter and warnings count only with --strict.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import replace

from guestseal.catalog import unknown
from guestseal.check import readiness, summary, verdict
from guestseal.check.mending import Mending
from guestseal.check.profile import Profile
from guestseal.errors import Refused, UsageError, printable
from guestseal.examination import OF_A_CLONE, SECTIONS, Examination, Wanted
from guestseal.guest.boot import fstab
from guestseal.guest.root import Root
from guestseal.junit import to_junit
from guestseal.machine.host import Machine
from guestseal.report import Report
from guestseal.sarif import to_sarif
from guestseal.seal.runner import require_guest

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
    wanted = _wanted(options)
    if options.root == "/" and os.geteuid() != 0 and sections != [readiness.SECTION]:
        raise Refused("what is left lies in files of every account: run it as root (--only readiness needs less)")
    with Root(options.root) as root:  # which changes nothing unless --fix says so
        require_guest(root)
        examination = Examination(root, wanted, Machine() if options.root == "/" else None)
        if not examination.checks and sections == [readiness.SECTION]:
            raise UsageError(f"--checks {printable(options.checks)}: no check is left to be asked")
        if options.remember is not None:
            return examination.remember(options.remember)
        entries = list(examination.look(sections))
        remarks: list[str] = []
        plan = examination.mendings(entries) if options.fix else []
        if plan:
            _confirm(options, plan)
            remarks += examination.mend(plan)
            entries = list(examination.look(sections))
        notes = [*remarks, *fstab.unseen(root)]
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
        if word not in {*SECTIONS, *OF_A_CLONE}:
            raise UsageError(unknown("section", word, SECTIONS))
    every: tuple[str, ...] = OF_A_CLONE if options.clone else SECTIONS
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


def _wanted(options: argparse.Namespace) -> Wanted:
    return Wanted(
        _profile(options.profile),
        operations=options.operations,
        checks=options.checks,
        user=options.user,
        recall=options.recall,
        is_clone=options.clone,
        configuration=options.config,
    )


def _confirm(options: argparse.Namespace, plan: list[Mending]) -> None:
    """Show the plan and have it confirmed. Raises Refused, with nothing changed, when it is not."""
    for line in (line for each in plan for line in each.lines()):
        sys.stderr.write(f"  {line}\n")
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise Refused("not confirmed: there is no terminal to ask on; --yes mends without asking")
    sys.stderr.write(f"Type 'fix' to change {options.root}: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip() != "fix":
        raise Refused("not confirmed: nothing was changed")
