"""What every operation promises, proved with the cases of its own test file.

A new operation is a file in guestseal/seal/operations and one in tests/operations: all of
this then holds for it, or fails.
"""

from __future__ import annotations

import importlib
import inspect
import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from support.operation_cases import OPERATIONS, PACKAGE, Case, apply, cases_of, distributions_of
from support.trees import Dir, File, Hardlink, Link, build, fingerprint, parents, read

from guestseal.catalog import Item
from guestseal.errors import GuestError
from guestseal.guest.facts import Guest
from guestseal.guest.patterns import quote
from guestseal.guest.protected import Door
from guestseal.guest.root import Root
from guestseal.guest.tree import Tree
from guestseal.report import Finding, Outcome
from guestseal.seal.operation import Kind, Operation, in_homes
from guestseal.seal.runner import survey

SOMEBODY = 1000
LONGEST_MODULE = 60
LONGEST_HEADING = 72

each_operation = pytest.mark.parametrize("item", OPERATIONS.values(), ids=OPERATIONS)
_CASES = [
    pytest.param(item.value, case, id=f"{name}-{case.name.replace(' ', '_')}")
    for name, item in OPERATIONS.items()
    for case in cases_of(name)
]
each_case = pytest.mark.parametrize(("operation", "case"), _CASES)
each_case_that_runs = pytest.mark.parametrize(
    ("operation", "case"), [case for case in _CASES if not case.values[1].kept]
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "root"
    place.mkdir()
    return place


@each_operation
def test_it_has_cases_that_change_and_cases_that_keep(item: Item[Operation]) -> None:
    cases = cases_of(item.name)
    assert any(case.start != case.end or case.found for case in cases)
    assert any(case.end.get(path) == entry for case in cases for path, entry in case.before.items())
    assert {case.family for case in cases} >= distributions_of(item.name)
    names = [case.name for case in cases]
    assert sorted(names) == sorted(set(names))


@each_operation
def test_it_introduces_itself(item: Item[Operation]) -> None:
    module = importlib.import_module(f"{PACKAGE}.{item.name.replace('-', '_')}")
    heading = (module.__doc__ or "").partition("\n")[0]
    assert not heading.endswith(".")
    assert 0 < len(heading) <= LONGEST_HEADING
    assert item.manual
    assert len(inspect.getsource(module).splitlines()) <= LONGEST_MODULE


@each_operation
def test_an_empty_root_plans_nothing(item: Item[Operation], root: Path) -> None:
    with Tree(str(root)) as tree:
        assert list(item.value.plan(Guest(tree))) == []


@each_case
def test_a_case_is_a_tree_of_its_family(operation: Operation, case: Case, root: Path) -> None:
    assert isinstance(operation, Operation)
    build(root, case.start)
    with Tree(str(root)) as tree:
        assert case.guest(tree).family is case.family.family


@each_case
def test_planning_changes_nothing(operation: Operation, case: Case, root: Path) -> None:
    build(root, case.start)
    before = fingerprint(root)
    with Tree(str(root)) as tree:
        guest = case.guest(tree)
        for action in operation.plan(guest):
            assert action.describe().isprintable()
            assert all(path.startswith("/") for path, _ in action.footprint(tree))
        operation.guarded(guest)
        list((operation.findings or _none)(guest))
    assert fingerprint(root) == before


@each_case
def test_no_action_touches_a_protected_path(operation: Operation, case: Case, root: Path) -> None:
    build(root, case.start)
    with Tree(str(root)) as tree:
        door = Door(tree)
        for action in operation.plan(case.guest(tree)):
            door.require(action)


@each_case
def test_findings_are_those_of_the_case_and_quote_no_file(operation: Operation, case: Case, root: Path) -> None:
    build(root, case.start)
    with Tree(str(root)) as tree:
        found = list((operation.findings or _none)(case.guest(tree)))
    assert sorted(finding.path for finding in found) == sorted(case.found)
    lines = {line for entry in case.start.values() if isinstance(entry, File) for line in _lines_of(entry)}
    for finding in found:
        assert finding.what.strip().isprintable()
        assert finding.remedy.strip().isprintable()
        assert min(len(finding.what), len(finding.remedy)) > 0
        assert not [line for line in lines if line in f"{finding.what} {finding.remedy}"]


@each_case
def test_a_guard_keeps_everything_where_the_case_says_so(operation: Operation, case: Case, root: Path) -> None:
    build(root, case.start)
    with Tree(str(root)) as tree:
        (entry,) = survey([Item("the-case", "A heading", "A manual.", operation)], case.guest(tree))
    assert entry.outcome is not Outcome.FAILED, entry.detail
    assert (entry.outcome is Outcome.KEPT) == bool(case.kept), entry.detail
    assert case.kept in entry.detail
    assert case.start == case.end or not case.kept


@each_case_that_runs
def test_applying_gives_exactly_what_the_case_says(operation: Operation, case: Case, root: Path) -> None:
    build(root, case.start)
    apply(operation, case, root)
    assert read(root) == case.end
    with Tree(str(root)) as tree:
        assert list(operation.plan(case.guest(tree))) == []


@each_case_that_runs
def test_secrets_are_overwritten_before_they_are_removed(operation: Operation, case: Case, root: Path) -> None:
    build(root, case.start)
    linked = {entry.path for entry in case.start.values() if isinstance(entry, Hardlink)}
    removed = {path: entry for path, entry in case.start.items() if path not in case.end and path not in linked}
    with Tree(str(root)) as tree:
        patterns = [full for pattern in operation.secrets for full in in_homes(case.guest(tree), pattern)]
        secret = {path for pattern in patterns for path in tree.glob(pattern)}
    with ExitStack() as stack:
        held = {
            path: stack.enter_context(Path(f"{root}{path}").open("rb"))
            for path, entry in removed.items()
            if isinstance(entry, File) and (operation.kind is Kind.SECRET or _is_private(entry) or path in secret)
        }
        apply(operation, case, root)
        for path, file in held.items():
            assert not file.read().strip(b"\0"), path


@each_case_that_runs
def test_a_plan_made_beforehand_does_the_same(operation: Operation, case: Case, root: Path) -> None:
    build(root, case.start)
    with Root(str(root)) as tree:
        plan = list(operation.plan(case.guest(tree)))
        assert len(plan) == len(set(plan)), "nothing is planned twice"
        for action in plan:
            action.perform(tree)
    assert read(root) == case.end


@pytest.mark.parametrize("climb", ["", "../" * 30], ids=["absolute", "relative"])
@each_case
def test_a_parent_that_leads_out_of_the_root_costs_nothing_there(
    operation: Operation, case: Case, climb: str, tmp_path: Path
) -> None:
    for number, (directory, root) in enumerate(_without_one_parent(case, tmp_path)):
        outside = tmp_path / f"outside{number}"
        Path(f"{root}{directory}").rename(outside)
        target = f"{climb}{str(outside)[1:]}" if climb else str(outside)
        Path(f"{root}{directory}").symlink_to(target)
        before = read(outside)
        _try_all(operation, case, root)
        assert read(outside) == before, directory


@each_case
def test_a_link_of_somebody_else_is_not_followed(operation: Operation, case: Case, tmp_path: Path) -> None:
    for directory, root in _without_one_parent(case, tmp_path):
        bait = "/etc/bait" if directory.startswith("/usr") else "/usr/bait"
        Path(f"{root}{bait}").parent.mkdir(exist_ok=True)
        Path(f"{root}{directory}").rename(f"{root}{bait}")
        Path(f"{root}{directory}").symlink_to(bait)
        os.lchown(f"{root}{directory}", SOMEBODY, SOMEBODY)
        before = read(Path(f"{root}{bait}"))
        _try_all(operation, case, root)
        assert read(Path(f"{root}{bait}")) == before, directory


@each_case_that_runs
def test_what_cannot_be_changed_is_an_error_of_its_action_and_done_next_time(
    operation: Operation, case: Case, root: Path
) -> None:
    build(root, case.start)
    with _immutable(root), Root(str(root)) as tree:
        for action in operation.plan(case.guest(tree)):
            with pytest.raises(GuestError):
                action.perform(tree)
        assert read(root) == case.start
    apply(operation, case, root)
    assert read(root) == case.end


@each_operation
def test_every_pattern_matches_in_some_case(item: Item[Operation], tmp_path: Path) -> None:
    matched: dict[str, bool] = {}
    for number, case in enumerate(cases_of(item.name)):
        root = tmp_path / str(number)
        root.mkdir()
        build(root, case.start)
        with _Watched(str(root)) as tree:
            guest = case.guest(tree)
            list(item.value.plan(guest))
            list((item.value.findings or _none)(guest))
            for pattern, found in tree.asked.items():
                home = next((home for home in (*guest.homes, "/root") if pattern.startswith(f"{quote(home)}/")), None)
                same = pattern if home is None else "{home}" + pattern[len(quote(home)) :]
                matched[same] = matched.get(same, False) or found
    assert [pattern for pattern, found in matched.items() if not found] == []


class _Watched(Tree):
    """A tree that notes which patterns it was asked for, and whether any path matched."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.asked: dict[str, bool] = {}

    def glob(self, pattern: str) -> Iterator[str]:
        found = list(super().glob(pattern))
        self.asked[pattern] = self.asked.get(pattern, False) or bool(found)
        return iter(found)


def _none(_: Guest) -> Iterable[Finding]:
    return ()


def _lines_of(entry: File) -> Iterator[str]:
    """The lines that say something, whole and as values."""
    assert isinstance(entry.content, bytes)
    for line in entry.content.decode("utf-8", "replace").split("\n"):
        for part in (line.strip(), line.partition("=")[2].strip()):
            if len(part) >= 8:
                yield part


def _is_private(entry: File) -> bool:
    assert isinstance(entry.content, bytes)
    return b"PRIVATE KEY" in entry.content or b"\x00key" in entry.content or b"\x01seed" in entry.content


def _without_one_parent(case: Case, place: Path) -> Iterator[tuple[str, Path]]:
    """A fresh tree for each directory on the way to a path of the case: one a test may swap."""
    directories = {parent for path in case.start for parent in parents(path)}
    directories -= {path for path, entry in case.start.items() if isinstance(entry, Link)}
    for number, directory in enumerate(sorted(directories)):
        root = place / f"root{number}"
        root.mkdir()
        build(root, case.start)
        yield directory, root


def _try_all(operation: Operation, case: Case, root: Path) -> None:
    """Plan and perform everything; only a GuestError may come of it."""
    with Root(str(root)) as tree:
        try:
            for action in operation.plan(case.guest(tree)):
                try:
                    action.perform(tree)
                except GuestError:
                    continue
        except GuestError:
            return


@contextmanager
def _immutable(root: Path) -> Iterator[None]:
    """``root`` and everything below protected by chattr +i, which links and pipes cannot be."""
    paths = [str(root)] + [f"{root}{path}" for path, entry in read(root).items() if isinstance(entry, (File, Dir))]
    try:
        done = subprocess.run(["chattr", "+i", *paths], capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            pytest.skip(f"no immutable files on this filesystem: {done.stderr}")
        yield
    finally:
        subprocess.run(["chattr", "-i", *paths], capture_output=True, timeout=60, check=False)
