"""Why a path goes or stays: what every operation makes of it, in this guest and in general."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guestseal.catalog import Item
from guestseal.errors import GuestError
from guestseal.guest.actions import Action, Empty, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.patterns import fits
from guestseal.guest.protected import protection
from guestseal.report import Finding
from guestseal.seal.operation import Operation, in_homes


@dataclass(frozen=True)
class Verdict:
    """What one operation makes of a path."""

    name: str
    heading: str
    manual: str
    does: str
    """What it would do now: "remove /etc/x"; or that it has nothing to do there."""
    kept: str = ""
    """Why its guard keeps everything as it is."""
    blind: bool = False
    """It could not look: ``does`` says why."""

    def to_json(self) -> dict[str, str]:
        """The verdict as JSON values."""
        return {
            "operation": self.name,
            "description": self.heading,
            "why": self.manual,
            "does": self.does,
            "kept": self.kept,
        }


def explain(path: str, items: Sequence[Item[Operation]], guest: Guest) -> tuple[Verdict, ...]:
    """The operations that change ``path``, report it, or know its form. Nothing is changed."""
    real = guest.tree.resolve(path, follow=False) or path
    return tuple(verdict for item in items for verdict in _verdicts(item, {path, real}, guest))


def below(path: str, items: Sequence[Item[Operation]], guest: Guest) -> tuple[str, ...]:
    """The operations with a pattern that begins below the directory ``path``."""
    start = f"{(guest.tree.resolve(path, follow=False) or path).rstrip('/')}/"
    return tuple(
        item.name
        for item in items
        if any(full.startswith(start) for pattern in _patterns(item.value) for full in in_homes(guest, pattern))
    )


def protected(path: str, guest: Guest) -> str | None:
    """Why no operation may touch ``path``; None: it is not protected."""
    row = protection(guest.tree.resolve(path, follow=False) or path) or protection(path)
    return None if row is None else f"{row.keep.value}: {row.why}"


def _verdicts(item: Item[Operation], paths: set[str], guest: Guest) -> Iterator[Verdict]:
    operation = item.value
    try:
        plan, kept = operation.guarded(guest)
        does = [action.describe() for action in plan if any(_reaches(action, p) for p in paths)]
        found = [f for f in (operation.findings or _nothing)(guest) if f.path in paths]
    except GuestError as error:
        yield Verdict(item.name, item.heading, item.manual, f"cannot tell: {error}", blind=True)
        return
    said = [*does, *(f"reports: {finding.what}; {finding.remedy}" for finding in found)]
    if not said and any(_knows(operation, path, guest) for path in paths):
        said = ["nothing to do there now"]
    if said:
        yield Verdict(item.name, item.heading, item.manual, "; ".join(said), kept or "")


def _patterns(operation: Operation) -> tuple[str, ...]:
    return (*operation.remove, *operation.secrets, *operation.empty, *operation.truncate)


def _nothing(_: Guest) -> Sequence[Finding]:
    return ()


def _reaches(action: Action, path: str) -> bool:
    """Whether an action changes ``path`` or takes it away with a directory above."""
    if isinstance(action, (Remove, Empty)) and path.startswith(f"{action.path.rstrip('/')}/"):
        return True
    return path == action.path and not isinstance(action, Empty)


def _knows(operation: Operation, path: str, guest: Guest) -> bool:
    """Whether a pattern of the operation has the form of ``path`` or of a directory above it."""
    above = [path]
    while above[-1].rpartition("/")[0]:
        above.append(above[-1].rpartition("/")[0])
    patterns = (*operation.remove, *operation.secrets, *operation.empty)
    reached = any(fits(full, each) for pattern in patterns for full in in_homes(guest, pattern) for each in above)
    return reached or any(fits(full, path) for pattern in operation.truncate for full in in_homes(guest, pattern))
