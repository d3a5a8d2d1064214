"""What the tests of an operation are: trees before and after it, as data."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from support.trees import Entry, File, Link, Tree, whole

from guestseal.catalog import Item, discover
from guestseal.guest.facts import Family, Guest
from guestseal.guest.root import Root
from guestseal.guest.tree import Tree as GuestTree
from guestseal.seal.operation import Operation

DEBIAN, REDHAT, SUSE = Family.DEBIAN, Family.REDHAT, Family.SUSE
ALPINE, ARCH = Family.ALPINE, Family.ARCH

_OS_RELEASE = {
    DEBIAN: "ID=debian\n",
    REDHAT: 'ID="rocky"\nID_LIKE="rhel centos fedora"\n',
    SUSE: 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n',
    ALPINE: "ID=alpine\n",
    ARCH: "ID=arch\n",
}

SYSTEMD: Mapping[str, Entry] = {
    "/sbin/init": Link("../lib/systemd/systemd"),
    "/lib/systemd/systemd": File("ELF", 0o755),
}
"""What makes a tree one that runs systemd."""


@dataclass(frozen=True)
class Case:
    """One guest before and after one operation. ``after`` left out: nothing may change."""

    name: str
    family: Family
    before: Tree
    after: Tree | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""
    """A part of the reason for which a guard keeps everything as it is."""

    @property
    def start(self) -> dict[str, Entry]:
        """Everything that is there before."""
        return whole({"/etc/os-release": File(_OS_RELEASE[self.family]), **self.before})

    @property
    def end(self) -> dict[str, Entry]:
        """Everything that is there after, and nothing else."""
        if self.after is None:
            return self.start
        return whole({"/etc/os-release": File(_OS_RELEASE[self.family]), **self.after})

    def guest(self, tree: GuestTree) -> Guest:
        """The guest as an operation is given it."""
        return Guest(tree, choices=dict(self.choices))


PACKAGE = "guestseal.seal.operations"
OPERATIONS: dict[str, Item[Operation]] = discover(PACKAGE, "OPERATION", Operation)


def cases_of(name: str) -> tuple[Case, ...]:
    """The cases in the test file of the operation ``name``."""
    cases: tuple[Case, ...] = importlib.import_module(f"operations.test_{name.replace('-', '_')}").CASES
    return cases


def apply(operation: Operation, case: Case, root: Path) -> None:
    """Do what ``operation`` plans, each action at once, as the engine does."""
    with Root(str(root)) as tree:
        for action in operation.plan(case.guest(tree)):
            action.perform(tree)
