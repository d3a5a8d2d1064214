"""Seal this machine, or the guest in --root DIR, so that its disk can be cloned.

Takes away what makes the machine itself, what is secret and what it accumulated, and
records that it was done. What will happen is shown first and has to be confirmed; a
run without a terminal needs --yes. Sealing again does only what is still to do.

The running machine is sealed at its shutdown: this command cleans what is there, and
a last sweep cleans what was written until everything else had stopped. --poweroff
starts that shutdown; any other way to power off does as well. `guestseal disarm`
takes it back before.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from guestseal import render
from guestseal.cli import write
from guestseal.cli._settings import require_known_names
from guestseal.errors import Interrupted, Refused
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.report import Entry, Outcome, Report
from guestseal.seal import profiles
from guestseal.seal.runner import require_guest
from guestseal.seal.sealing import Progress, Sealing, alone, require_not_running
from guestseal.settings import Settings, load

if TYPE_CHECKING:
    from guestseal.seal.live import LiveSealing

SCRUBS = ("secrets", "trim", "fill", "none")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``seal``."""
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "-n", "--dry-run", action="store_true", help="show every path that would change, and change nothing"
    )
    parser.add_argument("--operations", metavar="LIST", help="what to do: a selection of operations")
    parser.add_argument("--root-password", choices=("expire", "lock", "keep"), help="what becomes of root's password")
    parser.add_argument("--lift-immutable", action="store_true", help="lift chattr +i and +a where they are in the way")
    parser.add_argument(
        "--poweroff", action="store_true", help="then power the running machine off, which completes the seal"
    )
    parser.add_argument(
        "--force", action="store_true", help="seal in spite of what the preflight found, where that makes sense"
    )
    parser.add_argument(
        "--scrub", choices=SCRUBS, default="trim", help="how far what was deleted is made unreadable (trim)"
    )
    parser.add_argument("--strict", action="store_true", help="warnings make the exit status 1")


def run(options: argparse.Namespace) -> Report:
    """Plan, show, ask, seal."""
    options.listing = options.dry_run
    live = options.root == "/"
    if not options.dry_run and os.geteuid() != 0:
        raise Refused("sealing changes files of every account: run it as root (a dry run shows what it would do)")
    if options.yes:
        _outlive_the_terminal()
    with Root(options.root) as root:
        require_guest(root)
        if not live:
            require_not_running(root)
        settings = load(root, extra=options.config, options=_given(options))
        require_known_names(settings, root)
        root.lift_immutable = settings.lift_immutable
        guest = Guest(root, choices=profiles.choices(settings), live=live)
        try:
            with nullcontext() if options.dry_run else alone(root):
                return _seal(options, guest, root, settings)
        except KeyboardInterrupt:  # raised before the first change only
            raise Interrupted("interrupted: nothing was changed") from None


def _seal(options: argparse.Namespace, guest: Guest, root: Root, settings: Settings) -> Report:
    interrupted = threading.Event()
    sealing = Sealing(guest, settings.operations, stop=interrupted.is_set)
    plan = sealing.plan(every_path=options.dry_run)
    todo = [entry for entry in plan if entry.outcome is Outcome.PLANNED]
    warnings = sealing.warnings(plan)
    live = _live(options, sealing, settings) if sealing.guest.live else None
    if options.dry_run or not todo:
        message = _would(todo) if todo else "nothing to do: sealed already"
        if todo and live is not None and not options.force:
            warnings = (*warnings, *(f"seal would refuse: {concern}" for concern in live.objections()))
        return Report("seal", message, plan, warnings=warnings, facts={"dry_run": options.dry_run, "root": root.path})
    if live is not None:
        live.preflight(force=options.force)
    _confirm(options, plan, warnings, sealing.guest.choice("root-password", settings.root_password))
    _finish_what_runs(interrupted)
    if live is None:
        report = sealing.apply(root, _progress(options), settings.set_values)
    else:
        report = live.run(root, _progress(options))
        if options.poweroff and not report.failed:
            options.afterwards = live.power_off
            if live.machine.services.managed:
                report = replace(report, message="prepared; powering off, which completes the seal")
    if options.strict and report.warnings and not report.failed:
        return replace(report, exit_code=1)
    return report


def _live(options: argparse.Namespace, sealing: Sealing, settings: Settings) -> LiveSealing:
    from guestseal.machine.host import Machine
    from guestseal.scrub.scrub import Level
    from guestseal.seal.live import LiveSealing

    def say(what: str) -> None:
        if not options.quiet:
            write(sys.stderr, f"{what}\n")

    return LiveSealing(sealing, Machine(), settings.set_values, Level(options.scrub), say)


def _given(options: argparse.Namespace) -> dict[str, str]:
    given = {}
    if options.operations is not None:
        given["operations"] = options.operations
    if options.root_password is not None:
        given["root_password"] = options.root_password
    if options.lift_immutable:
        given["lift_immutable"] = "yes"
    return given


def _outlive_the_terminal() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _finish_what_runs(interrupted: threading.Event) -> None:
    """From here on SIGINT sets ``interrupted`` and ends nothing; nor does a terminal that is hung up."""

    def note(*_: object) -> None:
        interrupted.set()
        # Past Python's stream, which the signal may have interrupted in a write.
        with suppress(OSError):
            os.write(2, b"interrupted: finishing the operation that runs\n")

    signal.signal(signal.SIGINT, note)
    _outlive_the_terminal()


def _would(todo: Sequence[Entry]) -> str:
    """What a dry run comes to. Who is not root sees less than there is."""
    known = f"would change {render.paths(sum(entry.count for entry in todo))}"
    return known if os.geteuid() == 0 else f"{known} that this user can see; run it as root to see them all"


def _confirm(options: argparse.Namespace, plan: tuple[Entry, ...], warnings: Sequence[str], root_password: str) -> None:
    """Show the plan and have it confirmed. Raises Refused, with nothing changed, when it is not."""
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise Refused("not confirmed: there is no terminal to ask on; --yes seals without asking, -n shows the plan")
    width = render.columns(sys.stderr)
    todo = [entry for entry in plan if entry.outcome is Outcome.PLANNED]
    live = options.root == "/"
    amount = f"{render.paths(sum(entry.count for entry in todo))}, {render.size(sum(entry.size for entry in todo))}"
    ending = " The machine is powered off then." if live and options.poweroff else ""
    lines = [
        *render.table(plan, width=width),
        *render.warnings(warnings, width),
        f"This cannot be undone: {amount}. Root's password: {root_password}.{ending}",
        f"Type 'seal' to seal {'this machine' if live else options.root}: ",
    ]
    # Not on stdout: that may be a file, and who is to answer would wait before an empty screen.
    write(sys.stderr, "\n".join(lines))
    answer = sys.stdin.readline()
    if not answer.endswith("\n"):
        write(sys.stderr, "\n")
    if answer.strip() != "seal":
        raise Refused("not confirmed: nothing was changed")


def _progress(options: argparse.Namespace) -> Progress:
    """One line an operation, as it ends; for a person who watches, and never mixed into the result."""
    watched = options.format == "text" and sys.stderr.isatty() and not options.quiet

    def say(entry: Entry) -> None:
        if watched and entry.outcome not in (Outcome.CLEAN, Outcome.WARNED):
            write(sys.stderr, f"  {entry.name} ...\n")

    return say
