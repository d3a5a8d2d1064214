"""What an operation is: a value that names what to clean, in one module of guestseal.seal.operations.

A module there is an operation: its file name, with dashes, is the operation's name;
the first line of its docstring is the heading in lists, the rest the manual; its
``OPERATION`` says what to do. An operation reads the guest and yields actions. It
never acts, so that ``seal --dry-run``, ``seal``, ``check`` and the final sweep are
four uses of one plan.

    \"\"\"Empty the spool of the example daemon.

    Its jobs belong to the template and would run on every clone.
    \"\"\"

    from guestseal.seal.operation import Kind, Operation

    OPERATION = Operation(kind=Kind.CLUTTER, empty=("/var/spool/example",))

What is only to be reported is a finding: ``findings`` yields guestseal.report.Finding,
beside actions or alone. Paths that no operation may touch are in guestseal.guest.protected.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Callable

from guestseal.guest.actions import Action, Empty, Remove, Truncate
from guestseal.guest.facts import Guest
from guestseal.guest.patterns import Earlier, quote
from guestseal.guest.tree import Tree
from guestseal.report import Finding


class Kind(Enum):
    """What is left when the operation is not done."""

    IDENTITY = "identity"
    """What makes the machine itself: two clones would share it. Left over, ``check`` fails."""
    SECRET = "secret"
    """What nobody else may know. Left over, ``check`` fails."""
    CLUTTER = "clutter"
    """What the template accumulated. Left over, ``check`` notes it."""


class Profile(Enum):
    """A set of operations by its name in a selection: who will read the disk of a clone."""

    PUBLIC = "public-image"
    """Everybody: no credential and no password that works stays in it."""
    PRIVATE = "private-template"
    """Those who made it: what was put in it on purpose stays."""


@dataclass(frozen=True)
class Guard:
    """A condition without which an operation leaves everything as it is.

    It is asked only where the operation has something to do.
    ``unless`` is the sentence people read when it does not hold: it follows "kept, because".
    """

    holds: Callable[[Guest], bool]
    unless: str


@dataclass(frozen=True)
class Operation:
    """One kind of thing to clean.

    Patterns are those of guestseal.guest.patterns; ``{home}`` at the start of one stands
    for every home directory of the guest's accounts. ``remove`` removes what matches, but
    never a link to /dev/null; ``secrets`` does so as well, and overwrites it first, as ``remove``
    does where the kind is SECRET. ``empty`` removes what is in matching directories, ``truncate``
    the content of matching regular files. ``also`` yields what patterns cannot say, after them;
    ``first`` what must be in place before anything else may be touched.
    ``findings`` yields what is reported and left alone, whatever the guards say.
    ``stop`` names the units that write there, stopped first when the running machine is sealed.
    ``default``: done unless the selection says otherwise. ``profiles``: those it belongs to;
    None: all when it is a default, otherwise none.
    """

    kind: Kind
    remove: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    truncate: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    first: Callable[[Guest], Iterable[Action]] | None = None
    also: Callable[[Guest], Iterable[Action]] | None = None
    findings: Callable[[Guest], Iterable[Finding]] | None = None
    needs: tuple[Guard, ...] = ()
    stop: tuple[str, ...] = ()
    default: bool = True
    profiles: tuple[Profile, ...] | None = None

    def plan(self, guest: Guest) -> Iterator[Action]:
        """What there is to do in ``guest``, lazily; nothing when it is clean. Guards are not asked."""
        yield from self.before(guest)
        yield from self.rest(guest)

    def before(self, guest: Guest) -> Iterable[Action]:
        """What ``first`` yields. Where one of these fails, nothing of ``rest`` may be done."""
        return () if self.first is None else self.first(guest)

    def rest(self, guest: Guest) -> Iterator[Action]:
        """What is done after ``before``."""
        tree = guest.tree
        for patterns, secret in ((self.remove, self.kind is Kind.SECRET), (self.secrets, True)):
            for path in _matches(guest, patterns):
                if _removable(tree, path):
                    yield Remove(path, secret=secret)
        for path in _matches(guest, self.empty):
            action = Empty(path)
            info = tree.lstat(path)
            if info is not None and stat.S_ISDIR(info.st_mode) and any(action.footprint(tree)):
                yield action
        for path in _matches(guest, self.truncate):
            info = tree.lstat(path)
            if info is not None and stat.S_ISREG(info.st_mode) and info.st_size:
                yield Truncate(path, secret=self.kind is Kind.SECRET)
        if self.also is not None:
            yield from self.also(guest)

    def guarded(self, guest: Guest) -> tuple[Iterator[Action], str | None]:
        """The plan, and why the operation must leave everything as it is; None when it may act.

        Where there is nothing to do the guards are not asked: what they look for may be missing
        as well. The plan is not made for it a second time.
        """
        plan = self.plan(guest)
        first = next(plan, None)
        if first is None:
            return plan, None
        kept = next((guard.unless for guard in self.needs if not guard.holds(guest)), None)
        return chain((first,), plan), kept

    def belongs_to(self, profile: Profile) -> bool:
        """Whether it is done in that profile."""
        return self.default if self.profiles is None else profile in self.profiles


def in_homes(guest: Guest, pattern: str) -> Iterator[str]:
    """The pattern with each home directory in the place of ``{home}``."""
    if not pattern.startswith("{home}"):
        yield pattern
        return
    for home in guest.homes:
        yield quote(home) + pattern[len("{home}") :]


def _removable(tree: Tree, path: str) -> bool:
    """Whether ``remove`` takes it: no device node, and no link to /dev/null: somebody wants nothing kept there."""
    info = tree.lstat(path)
    if info is None or stat.S_ISCHR(info.st_mode) or stat.S_ISBLK(info.st_mode):
        return False
    return not stat.S_ISLNK(info.st_mode) or tree.readlink(path) != "/dev/null"


def _matches(guest: Guest, patterns: Iterable[str]) -> Iterator[str]:
    """The paths the patterns match, each once."""
    earlier = Earlier(guest.tree)
    for pattern in patterns:
        for full in in_homes(guest, pattern):
            for path in guest.tree.glob(full):
                if not earlier.matched(path):
                    yield path
            earlier.add(full)
