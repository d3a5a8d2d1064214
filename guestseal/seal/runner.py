"""Running operations: survey what there is to do, do it, and say what became of it.

Only this module performs actions. An operation that fails stops no other one; the one
blanket ``except`` of sealing is here, at the boundary of an operation.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator

from guestseal.catalog import Item, discover, select
from guestseal.errors import GuestError, GuestsealError, Refused
from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.guest.tree import Tree
from guestseal.report import Entry, Outcome
from guestseal.seal.operation import Kind, Operation

PACKAGE = "guestseal.seal.operations"
NAMED_PATHS = 10_000
"""Paths an entry names; more are counted only, so that memory does not grow with the guest."""

log = logging.getLogger(__name__)

# Identity goes last, and the machine-id last of all: until then an interrupted seal is still the template.
_ORDER = {Kind.CLUTTER: 0, Kind.SECRET: 1, Kind.IDENTITY: 2}
_LAST = "machine-id"


def operations() -> dict[str, Item[Operation]]:
    """Every operation, by name."""
    return discover(PACKAGE, "OPERATION", Operation)


def chosen(selection: str) -> list[Item[Operation]]:
    """The operations a selection means, in the order in which they are done."""
    known = operations()
    names = select(selection, known, [name for name, item in known.items() if item.value.default])
    return sorted((known[name] for name in names), key=lambda item: (_ORDER[item.value.kind], item.name == _LAST))


def survey(items: Iterable[Item[Operation]], guest: Guest, *, every_path: bool = False) -> Iterator[Entry]:
    """What each operation would do; nothing is changed. ``every_path``: name them all."""
    for item in items:
        yield _run(item, guest, None, Outcome.PLANNED, limit=None if every_path else NAMED_PATHS)


def apply(items: Iterable[Item[Operation]], guest: Guest, root: Root) -> Iterator[Entry]:
    """Do what each operation plans, action by action, and say what became of it."""
    for item in items:
        yield _run(item, guest, lambda action: action.perform(root), Outcome.DONE, limit=NAMED_PATHS)


def require_guest(tree: Tree) -> None:
    """Raise Refused unless the tree is a root filesystem: a mistyped --root must cost nothing."""
    if not any(tree.is_file(path) for path in ("/etc/os-release", "/usr/lib/os-release")):
        raise Refused(
            f"{tree.path}: not a root filesystem: neither etc/os-release nor usr/lib/os-release is there; "
            "--root takes the top directory of a guest's files"
        )


def _run(
    item: Item[Operation], guest: Guest, act: Callable[[Action], None] | None, outcome: Outcome, *, limit: int | None
) -> Entry:
    """One operation as an entry. Unexpected errors end here, with their traceback in the log."""
    start = time.monotonic()
    tally = _Tally(limit)
    detail = ""
    try:
        kept = item.value.kept_because(guest)
        if kept is None:
            for action in item.value.before(guest):
                tally.take(action, guest.tree, act)
            # What comes first makes the rest safe: keys must not go where nothing could make new ones.
            for action in () if tally.errors else item.value.rest(guest):
                tally.take(action, guest.tree, act)
        elif next(item.value.plan(guest), None) is not None:
            outcome, detail = Outcome.KEPT, f"kept, because {kept}"
    except GuestsealError as error:
        tally.errors.append(str(error))
    except Exception as error:
        log.exception("operation %s failed", item.name)
        tally.errors.append(f"{type(error).__name__}: {error}")
    if tally.errors:
        outcome, detail = Outcome.FAILED, "; ".join(tally.errors)
    elif outcome is not Outcome.KEPT and not tally.count:
        outcome = Outcome.CLEAN
    return Entry(
        name=item.name,
        outcome=outcome,
        heading=item.heading,
        kind=item.value.kind.value,
        detail=detail,
        paths=tuple(tally.paths),
        count=tally.count,
        size=tally.size,
        seconds=time.monotonic() - start,
        actions=tuple(tally.actions),
    )


class _Tally:
    """What an operation did so far."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self.paths: list[str] = []
        self.actions: list[str] = []
        self.errors: list[str] = []
        self.count = 0
        self.size = 0

    def take(self, action: Action, tree: Tree, act: Callable[[Action], None] | None) -> None:
        """Count one action, and do it with ``act``; a path that refuses is an error of that path alone."""
        count, size, named = self.count, self.size, len(self.paths)
        try:
            for path, content in action.footprint(tree):
                self.count += 1
                self.size += content
                if self._limit is None or len(self.paths) < self._limit:
                    self.paths.append(path)
            if act is not None:
                act(action)
        except GuestError as error:
            self.errors.append(str(error))
            self.count, self.size = count, size
            del self.paths[named:]
        else:
            if self._limit is None or len(self.actions) < self._limit:
                self.actions.append(action.describe())
