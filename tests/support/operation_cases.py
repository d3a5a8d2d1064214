"""What the tests of an operation are: trees before and after it, as data."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from support.trees import Entry, File, Link, Tree, whole

from guestseal.catalog import Item, discover
from guestseal.guest.facts import Family, Guest
from guestseal.guest.root import Root
from guestseal.guest.tree import Tree as GuestTree
from guestseal.seal.operation import Operation


@dataclass(frozen=True)
class Distribution:
    """One distribution that stands for its family, by what its os-release says."""

    name: str
    family: Family
    os_release: str


DEBIAN = Distribution("Debian", Family.DEBIAN, "ID=debian\n")
UBUNTU = Distribution("Ubuntu", Family.DEBIAN, "ID=ubuntu\nID_LIKE=debian\n")
REDHAT = Distribution("RHEL", Family.REDHAT, 'ID="rocky"\nID_LIKE="rhel centos fedora"\n')
SUSE = Distribution("SUSE", Family.SUSE, 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n')
ALPINE = Distribution("Alpine", Family.ALPINE, "ID=alpine\n")
ARCH = Distribution("Arch", Family.ARCH, "ID=arch\n")
DISTRIBUTIONS = (DEBIAN, UBUNTU, REDHAT, SUSE, ALPINE, ARCH)

SYSTEMD: Mapping[str, Entry] = {
    "/sbin/init": Link("../lib/systemd/systemd"),
    "/lib/systemd/systemd": File("ELF", 0o755),
}
"""What makes a tree one that runs systemd."""


@dataclass(frozen=True)
class Case:
    """One guest before and after one operation. ``after`` left out: nothing may change."""

    name: str
    family: Distribution
    before: Tree
    after: Tree | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""
    """A part of the reason for which a guard keeps everything as it is."""
    found: tuple[str, ...] = ()
    """The paths of the findings."""
    alone: bool = False
    """What it says holds only where nothing else is: it takes no part in the tree of all cases at once."""

    @property
    def start(self) -> dict[str, Entry]:
        """Everything that is there before."""
        return whole({"/etc/os-release": File(self.family.os_release), **self.before})

    @property
    def end(self) -> dict[str, Entry]:
        """Everything that is there after, and nothing else."""
        if self.after is None:
            return self.start
        return whole({"/etc/os-release": File(self.family.os_release), **self.after})

    def guest(self, tree: GuestTree) -> Guest:
        """The guest as an operation is given it."""
        return Guest(tree, choices=dict(self.choices))


PACKAGE = "guestseal.seal.operations"
OPERATIONS: dict[str, Item[Operation]] = discover(PACKAGE, "OPERATION", Operation)


def cases_of(name: str) -> tuple[Case, ...]:
    """The cases in the test file of the operation ``name``."""
    cases: tuple[Case, ...] = _tests_of(name).CASES
    return cases


FOUR = frozenset((DEBIAN, REDHAT, SUSE, ALPINE))


def distributions_of(name: str) -> frozenset[Distribution]:
    """Where an operation has to be shown: the four, unless its test file says ONLY, for what others do not have."""
    only: frozenset[Distribution] | None = getattr(_tests_of(name), "ONLY", None)
    return FOUR if only is None else frozenset(only)


def _tests_of(name: str) -> ModuleType:
    return importlib.import_module(f"operations.test_{name.replace('-', '_')}")


def apply(operation: Operation, case: Case, root: Path) -> None:
    """Do what ``operation`` plans, each action at once, as the engine does."""
    with Root(str(root)) as tree:
        for action in operation.plan(case.guest(tree)):
            action.perform(tree)
