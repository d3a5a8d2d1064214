"""A whole seal: plan, apply, look whether it is done, record."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from guestseal.catalog import Item
from guestseal.errors import GuestError, Interrupted, Refused
from guestseal.guest import seal_record as record
from guestseal.guest.boot import fstab
from guestseal.guest.facts import Guest
from guestseal.guest.identity import read_identity
from guestseal.guest.root import Root
from guestseal.guest.seal_record import Preparation
from guestseal.guest.tree import Tree
from guestseal.report import Entry, Outcome, Report
from guestseal.seal import runner, site_rules
from guestseal.seal.operation import Kind, Operation

RECORD = "seal-record"
MUST_GO = (Kind.IDENTITY, Kind.SECRET)

Progress = Callable[[Entry], None]


class Sealing:
    """One seal of one guest, from the plan to the record.

    ``selection`` is the operations', ``stop`` says between two operations whether to end there.
    """

    def __init__(self, guest: Guest, selection: str, *, stop: Callable[[], bool] = lambda: False) -> None:
        self.guest = guest
        self.items: Sequence[Item[Operation]] = runner.chosen(selection, site_rules.read(guest.tree))
        self._stop = stop

    def plan(self, *, every_path: bool = False) -> tuple[Entry, ...]:
        """What a seal would do now, the record included; nothing is changed."""
        entries = tuple(runner.survey(self.items, self.guest, every_path=every_path))
        if not self.needed(entries):
            return entries
        paths = record.record_paths(self.guest.tree)
        return (
            *entries,
            Entry(RECORD, Outcome.PLANNED, "Say that this guest is sealed", paths=paths, count=len(paths)),
        )

    def needed(self, entries: Iterable[Entry]) -> bool:
        """Whether anything is to be done: by an operation, or because there is no record of a finished seal."""
        pending = (Outcome.PLANNED, Outcome.FAILED)
        return any(entry.outcome in pending for entry in entries) or self._unrecorded

    def apply(self, root: Root, progress: Progress, settings: dict[str, str] | None = None) -> Report:
        """Seal a guest that is not running: do what there is to do, look whether it is done, record it.

        The record is written only when no operation failed and nothing of identity or
        secrets is left that should have gone.
        """
        if not self._unrecorded and not any(runner.pending(self.items, self.guest)):
            return Report("seal", "nothing to do: sealed already", facts=self.facts)
        preparation = self.begin(root, Preparation(settings=settings or {}))
        entries = self.perform(root, progress)
        problem = self.problem(entries)
        if problem is not None:
            return self.unfinished(entries, problem)
        record.finish(root, preparation, outcomes(entries), swept=True)
        return Report("seal", "sealed", entries, changed=True, warnings=self.warnings(entries), facts=self.facts)

    def begin(self, root: Root, preparation: Preparation, system_uuid: str | None = None) -> Preparation:
        """Put the seal under way on the disk, before the first change."""
        earlier = record.read_preparation(root)
        if earlier is not None:
            preparation = replace(preparation, salt=earlier.salt, identity=earlier.identity, hardware=earlier.hardware)
        preparation = preparation.knowing(read_identity(root), system_uuid)
        record.begin(root, preparation)
        return preparation

    def secrets(self) -> Iterator[str]:
        """The files that will be overwritten before they are unlinked."""
        return runner.overwritten(self.items, self.guest)

    def perform(self, root: Root, progress: Progress) -> tuple[Entry, ...]:
        """Do the operations, until the end or until ``stop`` says so."""
        entries = []
        for entry in runner.apply(self.items, self.guest, root):
            progress(entry)
            entries.append(entry)
            if self._stop():
                break
        return tuple(entries)

    def problem(self, entries: Sequence[Entry]) -> str | None:
        """Why this is not sealed yet; None: every operation was done and nothing is left that must go."""
        if len(entries) < len(self.items):
            return f"interrupted after {entries[-1].name}"
        failed = [entry.name for entry in entries if entry.outcome is Outcome.FAILED]
        if failed:
            return f"failed: {', '.join(failed)}"
        left = [item.name for item in runner.pending(self.items, self.guest) if item.value.kind in MUST_GO]
        return f"still there after sealing: {', '.join(left)}" if left else None

    def warnings(self, entries: Iterable[Entry]) -> tuple[str, ...]:
        """What the user should know of a plan or a seal beside its table."""
        entries = tuple(entries)
        kept = [f"{entry.name}: {entry.detail}" for entry in entries if entry.outcome is Outcome.KEPT]
        found = [warning for entry in entries for warning in entry.warnings]
        return (*kept, *found, *fstab.unseen(self.guest.tree))

    def unfinished(self, entries: Sequence[Entry], why: str) -> Report:
        """The report of a seal that did not come to its end."""
        return Report(
            "seal",
            f"NOT sealed; {why}. What was done stays done: run the same command again to go on",
            tuple(entries),
            changed=any(entry.outcome is Outcome.DONE for entry in entries),
            failed=True,
            exit_code=Interrupted.exit_code if len(entries) < len(self.items) else 1,
            warnings=self.warnings(entries),
            facts=self.facts,
        )

    @property
    def _unrecorded(self) -> bool:
        """Whether there is no record of a finished seal."""
        return record.unfinished(self.guest.tree) or self.guest.tree.lstat(record.SEALED) is None

    @property
    def facts(self) -> dict[str, object]:
        """What every report of this seal says of it."""
        return {"root": self.guest.tree.path}


@contextmanager
def alone(root: Root) -> Iterator[None]:
    """Keep other seals of this guest out: two would take each other's files away. Raises Refused while one runs."""
    with root.entered("/") as top:
        try:
            if top is not None:
                fcntl.flock(top, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"another guestseal seals {root.path} now: wait for it to end") from None
        except OSError as error:
            raise GuestError("/", f"not locked against another seal: {error.strerror}") from error
        yield


def require_not_running(tree: Tree) -> None:
    """Raise Refused for the running system by another name than ``/``: it would go on writing when it is sealed."""
    top, running = tree.stat("/"), os.stat("/")
    if top is not None and os.path.samestat(top, running):
        raise Refused(f"{tree.path}: the root of the running system: without --root its shutdown is planned for, too")


def outcomes(entries: Iterable[Entry]) -> dict[str, str]:
    """Operation → outcome, as the record keeps it."""
    return {entry.name: entry.outcome.value for entry in entries}
