"""What the tests of a readiness check are: guests that pass, and guests that do not until the remedy is applied."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Callable

from support.operation_cases import Distribution
from support.trees import Entry, File, Tree, whole

from guestseal.check.check import Check, Problem, Subject
from guestseal.check.readiness import checks, profiles
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree as GuestTree
from guestseal.machine.host import Machine

CHECKS = checks()
MakeMachine = Callable[[], Machine]


@dataclass(frozen=True)
class CheckCase:
    """One guest, and what one check says of it. No ``problems`` and not ``skipped``: it passes.

    ``problems``: a part of each problem's text, in order. ``mended``: what the remedy makes of
    the guest, as the paths that it changes (None: it removes the path); the guest passes then.
    ``made``: of these, what the guest's own programs make, and not the actions of a fix.
    ``machine``: makes the running machine the guest is the system of, and ``mended_machine`` the
    one after the remedy; left out: the guest is a tree.
    """

    name: str
    family: Distribution
    tree: Tree
    problems: tuple[str, ...] = ()
    skipped: str = ""
    """A part of the reason why the check says nothing."""
    fails: bool = True
    """Whether the problems fail; otherwise all are warnings."""
    mended: Mapping[str, Entry | None] = field(default_factory=dict)
    made: tuple[str, ...] = ()
    profile: str = "generic"
    machine: MakeMachine | None = None
    mended_machine: MakeMachine | None = None

    @property
    def start(self) -> dict[str, Entry]:
        """Everything that is there."""
        return whole({"/etc/os-release": File(self.family.os_release), **self.tree})

    @property
    def end(self) -> dict[str, Entry]:
        """Everything that is there when the remedy was applied."""
        return whole({path: entry for path, entry in {**self.start, **self.mended}.items() if entry is not None})

    @property
    def written(self) -> dict[str, Entry]:
        """Everything that is there when the actions of a fix were performed, and its programs have not run."""
        changes = {path: entry for path, entry in self.mended.items() if path not in self.made}
        return whole({path: entry for path, entry in {**self.start, **changes}.items() if entry is not None})

    def subject(self, tree: GuestTree, *, mended: bool = False) -> Subject:
        """The guest as a check is given it."""
        make = self.mended_machine if mended and self.mended_machine else self.machine
        guest = Guest(tree, live=make is not None)
        return Subject(guest, profiles()[self.profile].value, make() if make is not None else None)


def cases_of(name: str) -> tuple[CheckCase, ...]:
    """The cases in the test file of the check ``name``."""
    cases: tuple[CheckCase, ...] = importlib.import_module(f"checks.test_check_{name.replace('-', '_')}").CASES
    return cases


def looked(check: Check, subject: Subject) -> list[Problem]:
    """What a check says. Raises Inapplicable."""
    return list(check.look(subject))
