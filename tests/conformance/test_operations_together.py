"""All cases of a family in one tree: everything at once is sealed, and every decoy stays as it was."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
from support.operation_cases import ALPINE, DISTRIBUTIONS, OPERATIONS, SYSTEMD, Case, Distribution, cases_of
from support.trees import Dir, Entry, File, Hardlink, Link, build, parents, read, whole

from guestseal.cli import main
from guestseal.guest.facts import Guest
from guestseal.guest.seal_record import SEALED, SEALING
from guestseal.guest.tree import Tree

RECORD = {SEALED, SEALING}
ACCOUNTS = {"/etc/passwd": File("root:x:0:0:root:/root:/bin/sh\nkim:x:1000:1000:Kim:/home/kim:/bin/sh\n")}
BUSYBOX: dict[str, Entry] = {"/sbin/init": Link("/bin/busybox"), "/bin/busybox": File("ELF", 0o755)}

each_distribution = pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda each: each.name)


class Together:
    """Cases of one distribution in one tree."""

    def __init__(self, distribution: Distribution) -> None:
        self._tree: dict[str, Entry] = dict(BUSYBOX if distribution is ALPINE else SYSTEMD)
        self._tree |= {"/etc/os-release": File(distribution.os_release)}
        self.cases: list[tuple[str, Case]] = []

    @property
    def tree(self) -> dict[str, Entry]:
        """Everything that is there, with the accounts that no case brings."""
        return whole({**ACCOUNTS, **self._tree})

    def take(self, name: str, case: Case) -> bool:
        """Add a case, unless what is there says otherwise of a path, or of what it lies in."""
        if any(self._tree.get(path, entry) not in (entry, Dir()) for path, entry in case.before.items()):
            return False
        both = {**self._tree, **case.before, **{path: entry for path, entry in self._tree.items() if entry != Dir()}}
        if any(not isinstance(both.get(parent, Dir()), Dir) for path in both for parent in parents(path)):
            return False
        self._tree = both
        self.cases.append((name, case))
        return True


def all_together(distribution: Distribution) -> list[Together]:
    """Every case of the distribution, in as few trees as cases that contradict each other allow.

    A case of another machine, one with another init system, is in none.
    """
    trees: list[Together] = []
    for name in OPERATIONS:
        for case in cases_of(name):
            if _fits_in(case, distribution) and not any(tree.take(name, case) for tree in trees):
                tree = Together(distribution)
                trees += [tree] if tree.take(name, case) else []
    return trees


def _fits_in(case: Case, distribution: Distribution) -> bool:
    """Whether a case can stand beside others; one with hard links cannot: a name may become a file of its own."""
    if case.kept or case.choices or case.alone or any(isinstance(entry, Hardlink) for entry in case.before.values()):
        return False
    return case.family.family is distribution.family


def _guestseal(*words: str) -> tuple[int, dict[str, object]]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = main([*words, "--format", "json"])
    return status, json.loads(out.getvalue())


@each_distribution
def test_everything_at_once_is_sealed_and_checked(distribution: Distribution, tmp_path: Path) -> None:
    for number, together in enumerate(all_together(distribution)):
        root = tmp_path / str(number)
        root.mkdir()
        build(root, together.tree)
        words = ("--root", str(root), "--operations", "all")
        planned = _paths(_guestseal("seal", "-n", *words)[1])
        before = read(root)
        status, report = _guestseal("seal", "--yes", *words)
        assert (status, report["failed"], report["msg"]) == (0, False, "sealed")
        after = read(root)
        changed = {path for path in {**before, **after} if before.get(path) != after.get(path)}
        assert changed - RECORD == planned - RECORD
        status, report = _guestseal("check", "--only", "leftovers", *words)
        assert (status, report["failed"]) == (0, False), report["msg"]


@each_distribution
def test_each_operation_takes_its_own_and_leaves_its_decoys(distribution: Distribution, tmp_path: Path) -> None:
    for number, together in enumerate(all_together(distribution)):
        root = tmp_path / str(number)
        root.mkdir()
        build(root, together.tree)
        plans = _plans(root, {name for name, _ in together.cases})
        for name, case in together.cases:
            for path, entry in case.before.items():
                assert (path in plans[name]) is (case.end.get(path) != entry), f"{name}: {case.name}: {path}"


def _plans(root: Path, names: set[str]) -> dict[str, set[str]]:
    """What each operation would change in the tree."""
    with Tree(str(root)) as tree:
        guest = Guest(tree)
        return {
            name: {path for action in OPERATIONS[name].value.plan(guest) for path, _ in action.footprint(tree)}
            for name in names
        }


def _paths(report: dict[str, object]) -> set[str]:
    entries: list[dict[str, list[str]]] = report["entries"]  # type: ignore[assignment]
    return {path for entry in entries for path in entry["paths"]}
