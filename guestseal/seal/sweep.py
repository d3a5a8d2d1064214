"""The final sweep: the last cleaning, in the ExecStop of guestseal-finalize.service.

By its ordering only PID 1, journald and udevd are left then, and the root filesystem is
still writable. It makes journald let go of /var, does the same operations once more,
also on the files that lie hidden under mount points, scrubs, and writes the seal record
last. What it could not do makes the template *incomplete*, and says so to whoever looks.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from guestseal.errors import CommandError, GuestError, GuestsealError, Refused
from guestseal.guest import seal_record as record
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.guest.seal_record import Preparation, Stage
from guestseal.machine.clock import Deadline
from guestseal.machine.host import Machine
from guestseal.machine.namespaces import Namespace, apart
from guestseal.machine.runtime import ARMED, Runtime
from guestseal.report import Entry, Outcome, Report
from guestseal.scrub.canaries import Planted
from guestseal.scrub.scrub import Level, Scrub, ScrubReport
from guestseal.seal import profiles
from guestseal.seal.sealing import Sealing, outcomes
from guestseal.settings import load

RELINQUISH_WITHIN = 10.0
MARGIN = 20.0
"""Seconds of the unit's TimeoutStopSec that are kept for the record and the last sync."""

log = logging.getLogger(__name__)


def sweep(root: Root, machine: Machine, deadline: Deadline) -> Report:
    """Bring an armed seal to its end. Nothing is done where none is armed; raises Refused while the machine goes on."""
    preparation = record.read_preparation(root)
    armed = Runtime(machine.runtime_directory).read_secret(ARMED)
    if preparation is None or preparation.stage is Stage.BEGUN or armed is None:
        return Report("finalize", "not armed: nothing was swept")
    _require_shutdown(machine)
    try:
        return _Sweep(root, machine, preparation, deadline).run(armed)
    except GuestsealError as error:
        return _incomplete(root, preparation, str(error), ())


def _require_shutdown(machine: Machine) -> None:
    """Raise Refused while the machine goes on: what is written after the sweep would be in every clone."""
    try:
        state = machine.services.system_state()
    except CommandError as error:
        log.warning("whether the machine is being shut down is not known: %s", error)
        return
    if state not in (None, "stopping"):
        raise Refused("the machine is not being shut down, and nothing was swept: its shutdown does that")


class _Sweep:
    """One sweep of one armed seal."""

    def __init__(self, root: Root, machine: Machine, preparation: Preparation, deadline: Deadline) -> None:
        self.root, self.machine, self.preparation, self.deadline = root, machine, preparation, deadline
        settings = load(root, options=preparation.settings)
        self._choices = profiles.choices(settings)
        self._selection = settings.operations
        root.lift_immutable = settings.lift_immutable

    def run(self, planted: bytes) -> Report:
        """Everything, in order; the record last."""
        self._relinquish_journal()
        sealing = self._sealing(self.root)
        entries = sealing.perform(self.root, _tell)
        hidden = self._hidden()
        scrubbed = Scrub(self.root, self.machine, Level(self.preparation.scrub)).finish(
            Planted.from_bytes(planted), self.deadline.within(self.deadline.remaining - MARGIN), _progress
        )
        problem = sealing.problem(entries) or hidden
        if problem is not None:
            return _incomplete(self.root, self.preparation, problem, entries)
        if self.deadline.passed:
            return _incomplete(self.root, self.preparation, "the sweep ran out of time", entries)
        return self._sealed(entries, scrubbed)

    def _sealed(self, entries: tuple[Entry, ...], scrubbed: ScrubReport) -> Report:
        facts = scrubbed.to_json()
        record.finish(self.root, self.preparation, outcomes(entries), swept=True, scrub=facts)
        return Report(
            "finalize",
            f"sealed; that what was deleted cannot be read from the disk is {scrubbed.summary}",
            entries,
            changed=True,
            facts={"scrub": facts},
            text=scrubbed.details,
        )

    def _sealing(self, root: Root) -> Sealing:
        return Sealing(Guest(root, choices=self._choices, live=True), self._selection)

    def _relinquish_journal(self) -> None:
        """Have journald write below /run only; it would make its files anew (systemd >= 243)."""
        try:
            self.machine.commands.run(["journalctl", "--relinquish-var"], timeout=RELINQUISH_WITHIN)
        except CommandError as error:
            log.warning("the journal may be written to after this: %s", error)

    def _hidden(self) -> str | None:
        """Do the same on what lies under mount points: files on the disk that nobody sees now; why it was not done."""
        try:
            # In a process of its own: in another mount namespace every mount has another id.
            apart(Namespace.MOUNT, self._sweep_bare_root)
        except CommandError as error:
            return f"not every file under mount points was cleaned: {error}"
        return None

    def _sweep_bare_root(self) -> None:
        with _bare_root(self.machine) as path, Root(path, lift_immutable=self.root.lift_immutable) as hidden:
            sealing = self._sealing(hidden)
            problem = sealing.problem(sealing.perform(hidden, _tell))
        if problem is not None:
            raise GuestError("/", problem)


@contextmanager
def _bare_root(machine: Machine) -> Iterator[str]:
    """The root filesystem alone, without anything mounted on it. For a mount namespace of its own."""
    path = Path(machine.runtime_directory, "bare")
    path.mkdir(parents=True, exist_ok=True)
    machine.commands.run(["mount", "--bind", "/", str(path)], timeout=RELINQUISH_WITHIN)
    try:
        yield str(path)
    finally:
        machine.commands.run(["umount", "--lazy", str(path)], timeout=RELINQUISH_WITHIN)


def _incomplete(root: Root, preparation: Preparation, why: str, entries: tuple[Entry, ...]) -> Report:
    record.begin(root, replace(preparation, stage=Stage.INCOMPLETE, why=why))
    root.sync()
    message = f"NOT sealed: {why}; boot this machine and seal it again"
    return Report("finalize", message, entries, changed=True, failed=True, exit_code=1)


def _tell(entry: Entry) -> None:
    if entry.outcome not in (Outcome.CLEAN, Outcome.DONE, Outcome.WARNED):
        log.warning("%s: %s %s", entry.name, entry.outcome.value, entry.detail)


def _progress(what: str, done: int, total: int) -> None:
    log.info("%s: %d of %d bytes", what, done, total)
