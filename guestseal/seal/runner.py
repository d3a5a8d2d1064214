"""Running operations: survey what there is to do, do it, and say what became of it.

Only this module performs actions, and none that would touch a protected path. An operation
that fails stops no other one; the one blanket ``except`` of sealing is here, at the
boundary of an operation.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from guestseal.catalog import Item, discover, select
from guestseal.errors import GuestError, GuestsealError, Refused
from guestseal.guest.actions import Action, Remove, Truncate
from guestseal.guest.facts import Guest
from guestseal.guest.protected import Door, Untouchable
from guestseal.guest.root import Root
from guestseal.guest.tree import Tree
from guestseal.report import Entry, Finding, Outcome
from guestseal.seal import profiles
from guestseal.seal.coverage import Coverage
from guestseal.seal.operation import Kind, Operation

PACKAGE = "guestseal.seal.operations"
NAMED_PATHS = 10_000
"""Paths, and findings, that an entry names; more are counted only, so that memory does not grow with the guest."""
NAMED_ERRORS = 20

log = logging.getLogger(__name__)

# Identity goes last, and the machine-id last of all: until then an interrupted seal is still the template.
_ORDER = {Kind.CLUTTER: 0, Kind.SECRET: 1, Kind.IDENTITY: 2}
_LAST = "machine-id"

Items = Iterable[Item[Operation]]


def operations() -> dict[str, Item[Operation]]:
    """Every operation of the program, by name."""
    return discover(PACKAGE, "OPERATION", Operation)


def chosen(selection: str, rules: Mapping[str, Item[Operation]] | None = None) -> list[Item[Operation]]:
    """The operations a selection means, a guest's own ``rules`` among them, in the order in which they are done."""
    known = {**operations(), **(rules or {})}
    defaults = [name for name, item in known.items() if item.value.default]
    names = select(selection, known, defaults, sets=profiles.members(known))
    return sorted((known[name] for name in names), key=lambda item: (_ORDER[item.value.kind], item.name == _LAST))


def survey(
    items: Items, guest: Guest, *, every_path: bool = False, coverage: Coverage | None = None
) -> Iterator[Entry]:
    """What each operation would do, and what it finds; nothing is changed.

    ``every_path``: name them all. ``coverage`` is told what would be done.
    """
    for item in items:
        yield _Run(item, guest, limit=None if every_path else NAMED_PATHS).look(coverage)


def apply(items: Items, guest: Guest, root: Root) -> Iterator[Entry]:
    """Do what each operation plans, action by action, and say what became of it."""
    for item in items:
        yield _Run(item, guest, limit=NAMED_PATHS).do(root)


def pending(items: Items, guest: Guest) -> Iterator[Item[Operation]]:
    """The operations that still have something to do, or that cannot tell. Each is asked for its first action only."""
    for item in items:
        try:
            plan, kept = item.value.guarded(guest)
            if kept is None and next(plan, None) is not None:
                yield item
        except Exception as error:  # what it is, the survey tells
            log.debug("%s: %s", item.name, error)
            yield item


def overwritten(items: Items, guest: Guest) -> Iterator[str]:
    """The files that will be overwritten before they are unlinked or emptied, without keeping them."""
    for item in items:
        try:
            plan, kept = item.value.guarded(guest)
            for action in () if kept is not None else plan:
                if isinstance(action, (Remove, Truncate)) and action.secret:
                    yield from (path for path, _ in action.footprint(guest.tree))
        except GuestsealError as error:  # the operation fails with it when it is done
            log.debug("%s: %s", item.name, error)


def require_guest(tree: Tree) -> None:
    """Raise Refused unless the tree is a root filesystem: a mistyped --root must cost nothing."""
    if not any(tree.is_file(path) for path in ("/etc/os-release", "/usr/lib/os-release")):
        raise Refused(
            f"{tree.path}: not a root filesystem: neither etc/os-release nor usr/lib/os-release is there; "
            "--root takes the top directory of a guest's files"
        )


class _Run:
    """One operation on one guest, once. Unexpected errors end here, with their traceback in the log."""

    def __init__(self, item: Item[Operation], guest: Guest, *, limit: int | None) -> None:
        self._item, self._guest = item, guest
        self._operation = item.value
        self._kept: str | None = None
        self._tally = _Tally(guest.tree, limit)
        self._door = Door(guest.tree)

    def look(self, coverage: Coverage | None) -> Entry:
        """What it would do."""
        return self._entry(lambda: self._look(coverage))

    def do(self, root: Root) -> Entry:
        """Do it."""
        return self._entry(lambda: self._do(root))

    def _look(self, coverage: Coverage | None) -> Outcome:
        plan, self._kept = self._operation.guarded(self._guest)
        if coverage is None or self._kept is not None:
            return self._count(plan, self._door.require)
        reached: list[Action] = []

        def reach(action: Action) -> None:
            self._door.require(action)
            reached.append(action)

        outcome = self._count(plan, reach)
        coverage.add(reached)
        return outcome

    def _count(self, plan: Iterable[Action], look: Callable[[Action], None]) -> Outcome:
        try:
            for action in plan:
                self._tally.take(action, look)
        except Untouchable:
            self._tally.forget()
            raise
        return Outcome.PLANNED if self._kept is None else Outcome.KEPT

    def _do(self, root: Root) -> Outcome:
        plan, self._kept = self._operation.guarded(self._guest)
        if self._kept is not None:
            return self._count(plan, self._door.require)

        def act(action: Action) -> None:
            self._door.require(action)
            action.perform(root)

        # One protected path in it makes the whole operation wrong: then not even the rest of it is done.
        for action in plan:
            with suppress(GuestError):  # told when it is performed
                self._door.require(action)
        for action in self._operation.before(self._guest):
            self._tally.take(action, act)
        # What comes first makes the rest safe: keys must not go where nothing could make new ones.
        for action in () if self._tally.errors else self._operation.rest(self._guest):
            self._tally.take(action, act)
        return Outcome.DONE

    def _entry(self, act: Callable[[], Outcome]) -> Entry:
        start, tally, outcome = time.monotonic(), self._tally, Outcome.FAILED
        try:
            outcome = act()
            self._find()
        except Untouchable as error:
            tally.fail(f"{error}; {self._item.name} must not touch it and was not done: correct the rule, or report it")
        except GuestsealError as error:
            tally.fail(str(error))
        except Exception as error:
            log.exception("operation %s failed", self._item.name)
            tally.fail(f"{type(error).__name__}: {error}")
        outcome, detail = self._judged(outcome)
        return Entry(
            name=self._item.name,
            outcome=outcome,
            heading=self._item.heading,
            kind=self._operation.kind.value,
            detail=detail,
            paths=tuple(tally.paths),
            count=tally.count,
            size=tally.size,
            seconds=time.monotonic() - start,
            findings=tuple(tally.findings),
            found=tally.found,
        )

    def _judged(self, outcome: Outcome) -> tuple[Outcome, str]:
        """The outcome in view of what was counted, and why."""
        if self._tally.errors:
            return Outcome.FAILED, self._tally.trouble
        if not self._tally.count:
            return (Outcome.WARNED if self._tally.found else Outcome.CLEAN), ""
        if outcome is Outcome.KEPT:
            return outcome, f"kept, because {self._kept}"
        return outcome, ""

    def _find(self) -> None:
        if self._operation.findings is None:
            return
        try:
            for finding in self._operation.findings(self._guest):
                self._tally.find(finding)
        except GuestError as error:  # a file that nobody can read must not stop a seal that leaves it alone
            self._tally.find(Finding(error.path, f"not looked at: {error.why}", "look at it yourself"))


class _Tally:
    """What an operation did so far."""

    def __init__(self, tree: Tree, limit: int | None) -> None:
        self._tree, self._limit = tree, limit
        self.paths: list[str] = []
        self.findings: list[Finding] = []
        self.errors: list[str] = []
        self._failures = 0
        self.count = self.size = self.found = 0

    @property
    def trouble(self) -> str:
        """Every error, or the first of very many."""
        more = self._failures - len(self.errors)
        return "; ".join([*self.errors, *([f"and {more} more"] if more else [])])

    def forget(self) -> None:
        """Nothing of what was counted is going to be done."""
        self.paths.clear()
        self.count = self.size = 0

    def take(self, action: Action, act: Callable[[Action], None]) -> None:
        """Count one action and hand it to ``act``; a path that refuses is an error of that path alone."""
        count, size, named = self.count, self.size, len(self.paths)
        try:
            for path, content in action.footprint(self._tree):
                self.count += 1
                self.size += content
                if self._limit is None or len(self.paths) < self._limit:
                    self.paths.append(path)
            act(action)
        except GuestError as error:
            self.fail(str(error))
            self.count, self.size = count, size
            del self.paths[named:]

    def find(self, finding: Finding) -> None:
        """Count one finding."""
        self.found += 1
        if self._limit is None or len(self.findings) < self._limit:
            self.findings.append(finding)

    def fail(self, why: str) -> None:
        """Count one error."""
        self._failures += 1
        if len(self.errors) < NAMED_ERRORS:
            self.errors.append(why)
