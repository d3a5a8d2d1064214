"""A whole seal: plan, apply, check, record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from guestseal.catalog import Item
from guestseal.guest import seal_record as record
from guestseal.guest.facts import Guest
from guestseal.guest.identity import read_identity
from guestseal.guest.root import Root
from guestseal.report import Entry, Outcome, Report
from guestseal.seal import runner
from guestseal.seal.operation import Kind, Operation
from guestseal.settings import Settings

RECORD = "seal-record"
MUST_GO = (Kind.IDENTITY.value, Kind.SECRET.value)

Progress = Callable[[Entry], None]


class Sealing:
    """One seal of one guest, from the plan to the record."""

    def __init__(self, guest: Guest, settings: Settings) -> None:
        self.guest = guest
        self.items: Sequence[Item[Operation]] = runner.chosen(settings.operations)

    def plan(self, *, every_path: bool = False) -> tuple[Entry, ...]:
        """What a seal would do now, the record included; nothing is changed."""
        entries = tuple(runner.survey(self.items, self.guest, every_path=every_path))
        if not self._needs_record(entries):
            return entries
        paths = record.record_paths(self.guest.tree)
        note = Entry(RECORD, Outcome.PLANNED, "Say that this guest is sealed", paths=paths, count=len(paths))
        return (*entries, replace(note, actions=tuple(f"write {path}" for path in paths)))

    def apply(self, root: Root, progress: Progress) -> Report:
        """Do what there is to do, look whether it is done, and record it.

        The record is written only when no operation failed and nothing of identity or
        secrets is left that should have gone.
        """
        before = read_identity(root)
        if not self._needs_record(runner.survey(self.items, self.guest)):
            return Report("seal", "nothing to do: sealed already", facts=self._facts())
        record.begin(root)
        entries = []
        for entry in runner.apply(self.items, self.guest, root):
            progress(entry)
            entries.append(entry)
        failed = [entry.name for entry in entries if entry.outcome is Outcome.FAILED]
        left = [] if failed else self._left()
        if failed or left:
            return self._unfinished(entries, failed, left)
        record.finish(root, record.new_record(before, {entry.name: entry.outcome.value for entry in entries}))
        return Report(
            "seal", "sealed", tuple(entries), changed=True, warnings=self.warnings(entries), facts=self._facts()
        )

    def warnings(self, entries: Iterable[Entry]) -> tuple[str, ...]:
        """What the user should know of a plan or a seal beside its table."""
        kept = [f"{entry.name}: {entry.detail}" for entry in entries if entry.outcome is Outcome.KEPT]
        return (*kept, *(f"{path}: {why}" for path, why in sorted(self.guest.tree.passed_over.items())))

    def _needs_record(self, entries: Iterable[Entry]) -> bool:
        pending = (Outcome.PLANNED, Outcome.FAILED)
        return (
            any(entry.outcome in pending for entry in entries)
            or record.unfinished(self.guest.tree)
            or self.guest.tree.lstat(record.SEALED) is None
        )

    def _left(self) -> list[str]:
        return [
            entry.name
            for entry in runner.survey(self.items, self.guest)
            if entry.kind in MUST_GO and entry.outcome in (Outcome.PLANNED, Outcome.FAILED)
        ]

    def _unfinished(self, entries: Sequence[Entry], failed: list[str], left: list[str]) -> Report:
        why = f"failed: {', '.join(failed)}" if failed else f"still there after sealing: {', '.join(left)}"
        return Report(
            "seal",
            f"NOT sealed; {why}. What was done stays done: mend this and run the same command again",
            tuple(entries),
            changed=any(entry.outcome is Outcome.DONE for entry in entries),
            failed=True,
            exit_code=1,
            warnings=self.warnings(entries),
            facts=self._facts(),
        )

    def _facts(self) -> dict[str, object]:
        return {"root": self.guest.tree.path}
