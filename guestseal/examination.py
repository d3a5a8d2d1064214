"""An examination of a guest: what `guestseal check` looks at, each section as entries."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from guestseal.catalog import Item
from guestseal.check import clone, leftovers, mending, readiness
from guestseal.check.check import Check, Subject
from guestseal.check.profile import Profile
from guestseal.check.residue import identifiers, memory
from guestseal.check.residue import runner as residue
from guestseal.errors import Refused
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.guest.seal_record import read_preparation, read_record
from guestseal.machine.host import Machine
from guestseal.report import Entry, Report
from guestseal.seal import profiles, site_rules
from guestseal.seal.coverage import Coverage
from guestseal.seal.operation import Operation
from guestseal.seal.runner import chosen, survey
from guestseal.settings import Settings, load

SECTIONS = (leftovers.SECTION, residue.SECTION, readiness.SECTION)
OF_A_CLONE = (clone.SECTION, residue.SECTION, readiness.SECTION)
"""A clone has keys and logs of its own: what sealing would take away there is what makes it a machine."""


@dataclass(frozen=True)
class Wanted:
    """What the user asks of an examination."""

    profile: Profile
    operations: str | None = None
    """A selection; None: the profile's, or else that of the settings."""
    checks: str = ""
    user: str = ""
    """An account's name that is searched for, too."""
    recall: str | None = None
    """A file with what identified the guest before it was sealed."""
    is_clone: bool = False
    configuration: str | None = None
    """One more configuration file of the calling machine."""


class Examination:
    """Looks at the guest in ``root``, and changes nothing unless it is told to ``mend``."""

    def __init__(self, root: Root, wanted: Wanted, machine: Machine | None) -> None:
        self._root, self._wanted, self._machine = root, wanted, machine
        self.checks: list[Item[Check]] = readiness.chosen(wanted.checks, wanted.profile)

    def look(self, sections: Iterable[str]) -> Iterator[Entry]:
        """What the sections come to. Raises GuestsealError where one cannot be looked at at all."""
        sections = tuple(sections)
        judged = {item.value.judges for item in self.checks if readiness.SECTION in sections}
        known: dict[str, Callable[[], Iterator[Entry]]] = {
            leftovers.SECTION: lambda: self._leftovers(judged),
            residue.SECTION: self._residue,
            readiness.SECTION: self._readiness,
            clone.SECTION: self._clone,
        }
        for section in sections:
            yield from known[section]()

    def remember(self, path: str) -> Report:
        """Note what identifies the guest. Raises Refused when nothing does, UsageError for the file."""
        known = self._known()
        if not known.values:
            raise Refused("nothing identifies this guest: was it sealed already? nothing was noted")
        memory.remember(path, known, self._root)
        kinds = ", ".join(dict.fromkeys(each.kind for each in known.values))
        left_out = tuple(f"not every {kind} is noted: {why}" for kind, why in sorted(known.left_out.items()))
        return Report("check", f"noted in {path}: {kinds}", warnings=left_out)

    def mendings(self, entries: Iterable[Entry]) -> list[mending.Mending]:
        """What mends the readiness checks that did not pass."""
        return list(mending.planned(self.checks, entries, self._subject()))

    def mend(self, plan: Iterable[mending.Mending]) -> Iterator[str]:
        """Do it, and say what could not be done."""
        return mending.perform(plan, self._root, self._subject())

    def _subject(self) -> Subject:
        """The guest as it is: nothing of an earlier look is kept."""
        settings = load(self._root, extra=self._wanted.configuration)
        guest = Guest(self._root, choices=profiles.choices(settings), live=self._machine is not None)
        return Subject(guest, self._wanted.profile, self._machine)

    @cached_property
    def _settings(self) -> Settings:
        """The settings, with the operations that the user names, or else the platform."""
        selection = self._wanted.operations or self._wanted.profile.operations
        given = {"operations": selection} if selection else {}
        return load(self._root, extra=self._wanted.configuration, options=given)

    @cached_property
    def _operations(self) -> tuple[list[Item[Operation]], Guest]:
        """What has to have been done."""
        guest = Guest(self._root, choices=profiles.choices(self._settings), live=self._machine is not None)
        return chosen(self._settings.operations, site_rules.read(self._root)), guest

    @cached_property
    def _plan(self) -> tuple[list[Entry], Coverage]:
        """What sealing would still do, and which paths that reaches: planned once for both."""
        coverage = Coverage()
        return list(survey(*self._operations, coverage=coverage)), coverage

    def _leftovers(self, judged: Container[str]) -> Iterator[Entry]:
        yield from leftovers.findings(self._plan[0], judged)
        yield from leftovers.under_way(read_preparation(self._root))

    def _residue(self) -> Iterator[Entry]:
        if self._wanted.recall is not None:
            known = memory.recall(self._wanted.recall)
        elif self._wanted.is_clone:
            # What it is now is its own: only the record tells what it must not be.
            known = identifiers.Identifiers()
        else:
            known = self._known()
        _, coverage = self._plan
        extent = residue.Extent(record=read_record(self._root), accepted=self._settings.accept)
        return residue.residue(self._subject().guest, known, coverage.reaches, extent)

    def _known(self) -> identifiers.Identifiers:
        known = identifiers.of_tree(self._subject().guest, user=self._wanted.user)
        return known if self._machine is None else known | identifiers.of_machine(self._machine)

    def _readiness(self) -> Iterator[Entry]:
        return readiness.run(self.checks, self._subject())

    def _clone(self) -> Iterator[Entry]:
        uuid = None if self._machine is None else self._machine.firmware.uuid
        return clone.entries(self._root, read_record(self._root), uuid)
