"""Mending what readiness checks found, where it can be done safely: plan, perform, run the guest's own programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guestseal.catalog import Item
from guestseal.check.check import Check, Fix, Inapplicable, Subject
from guestseal.errors import GuestsealError, printable
from guestseal.guest.protected import Door
from guestseal.guest.root import Root
from guestseal.report import Entry, Outcome

PROGRAM_WITHIN = 300.0
"""Seconds: grub-mkconfig looks for other systems on every disk."""


@dataclass(frozen=True)
class Mending:
    """What mends one check."""

    name: str
    fix: Fix

    def lines(self) -> Iterator[str]:
        """What will be done, a line each."""
        yield from (f"{self.name}: {action.describe()}" for action in self.fix.actions)
        yield from (f"{self.name}: run {printable(' '.join(words))}" for words in self.fix.run)


def planned(items: Iterable[Item[Check]], entries: Iterable[Entry], subject: Subject) -> Iterator[Mending]:
    """What mends the checks that did not pass; nothing for those that only a person can mend."""
    wrong = {entry.name for entry in entries if entry.outcome in (Outcome.WARNED, Outcome.FAILED)}
    for item in items:
        if item.name not in wrong or item.value.fix is None:
            continue
        try:
            fix = item.value.fix(subject)
        except Inapplicable:
            continue
        if fix is not None and (fix.actions or fix.run):
            yield Mending(item.name, fix)


def perform(mendings: Iterable[Mending], root: Root, subject: Subject) -> Iterator[str]:
    """Do it, one check after the other, and say what could not be done; one that fails stops no other.

    Programs belong to the guest: they run where it is the running machine, and are named for the user otherwise.
    """
    door = Door(root)
    for mending in mendings:
        try:
            for action in mending.fix.actions:
                door.require(action)
                action.perform(root)
            root.sync()
            for words in mending.fix.run:
                if subject.machine is None:
                    yield f"{mending.name}: to make it count, run in the guest: {' '.join(words)}"
                else:
                    subject.machine.commands.run(words, timeout=PROGRAM_WITHIN)
        except GuestsealError as error:
            yield f"{mending.name}: not mended: {error}"
