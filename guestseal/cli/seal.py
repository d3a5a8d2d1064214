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
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from guestseal import render
from guestseal.errors import Refused
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.report import Entry, Outcome, Report
from guestseal.seal import profiles
from guestseal.seal.runner import require_guest
from guestseal.seal.sealing import Progress, Sealing
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
    with Root(options.root) as root:
        require_guest(root)
        settings = load(root, extra=options.config, options=_given(options))
        root.lift_immutable = settings.lift_immutable
        guest = Guest(root, choices=profiles.choices(settings), live=live)
        return _seal(options, Sealing(guest, settings.operations, stop=_on_interrupt()), root, settings)


def _seal(options: argparse.Namespace, sealing: Sealing, root: Root, settings: Settings) -> Report:
    plan = sealing.plan(every_path=options.dry_run)
    todo = [entry for entry in plan if entry.outcome is Outcome.PLANNED]
    warnings = sealing.warnings(plan)
    if options.dry_run or not todo:
        count = sum(entry.count for entry in todo)
        message = f"would change {count} paths" if todo else "nothing to do: sealed already"
        return Report("seal", message, plan, warnings=warnings, facts={"dry_run": options.dry_run, "root": root.path})
    live = _live(options, sealing) if sealing.guest.live else None
    if live is not None:
        live.preflight(force=options.force)
    _confirm(options, plan, root.path, sealing.guest.choice("root-password", settings.root_password))
    if live is None:
        report = sealing.apply(root, _progress(options), _given(options))
    else:
        report = live.run(root, _progress(options))
        if options.poweroff and not report.failed:
            options.afterwards = live.power_off
    if options.strict and report.warnings and not report.failed:
        return replace(report, exit_code=1)
    return report


def _live(options: argparse.Namespace, sealing: Sealing) -> LiveSealing:
    from guestseal.machine.host import Machine
    from guestseal.scrub.scrub import Level
    from guestseal.seal.live import LiveSealing

    def say(what: str) -> None:
        if not options.quiet:
            sys.stderr.write(f"{what}\n")

    return LiveSealing(sealing, Machine(), _given(options), Level(options.scrub), say)


def _given(options: argparse.Namespace) -> dict[str, str]:
    given = {}
    if options.operations is not None:
        given["operations"] = options.operations
    if options.root_password is not None:
        given["root_password"] = options.root_password
    if options.lift_immutable:
        given["lift_immutable"] = "yes"
    return given


def _on_interrupt() -> Callable[[], bool]:
    """Whether SIGINT came: the operation that runs is finished first. A terminal that is hung up ends nothing."""
    interrupted = threading.Event()

    def note(*_: object) -> None:
        interrupted.set()
        sys.stderr.write("interrupted: finishing the operation that runs\n")

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    return interrupted.is_set


def _confirm(options: argparse.Namespace, plan: tuple[Entry, ...], path: str, root_password: str) -> None:
    """Show the plan and have it confirmed. Raises Refused, with nothing changed, when it is not."""
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise Refused("not confirmed: there is no terminal to ask on; --yes seals without asking, -n shows the plan")
    sys.stdout.write("\n".join(render.table(plan)) + "\n")
    sys.stdout.write(f"This cannot be undone. Root's password: {root_password}.\n")
    sys.stdout.write(f"Type 'seal' to seal {path}: ")
    sys.stdout.flush()
    if sys.stdin.readline().strip() != "seal":
        raise Refused("not confirmed: nothing was changed")


def _progress(options: argparse.Namespace) -> Progress:
    """One line an operation, as it ends; for a person who watches, and never mixed into the result."""
    watched = options.format == "text" and sys.stderr.isatty() and not options.quiet

    def say(entry: Entry) -> None:
        if watched and entry.outcome is not Outcome.CLEAN:
            sys.stderr.write(f"  {entry.name} ...\n")

    return say
