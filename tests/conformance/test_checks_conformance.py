"""What every readiness check promises, proved with the cases of its own test file.

A new check is a file in guestseal/check/checks and one in tests/checks: all of this then
holds for it, or fails.
"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest
from support.check_cases import CHECKS, CheckCase, cases_of, looked
from support.operation_cases import OPERATIONS
from support.trees import Fifo, File, build, fingerprint, read

from guestseal.catalog import Item
from guestseal.check.check import Check, Inapplicable
from guestseal.check.readiness import PACKAGE, chosen, profiles, run
from guestseal.errors import GuestsealError
from guestseal.guest.root import Root
from guestseal.guest.tree import Tree
from guestseal.report import Outcome

LONGEST_MODULE = 120
LONGEST_HEADING = 72

each_check = pytest.mark.parametrize("item", CHECKS.values(), ids=CHECKS)
_CASES = [
    pytest.param(item, case, id=f"{name}-{case.name.replace(' ', '_')}")
    for name, item in CHECKS.items()
    for case in cases_of(name)
]
each_case = pytest.mark.parametrize(("item", "case"), _CASES)
each_problem = pytest.mark.parametrize(("item", "case"), [case for case in _CASES if case.values[1].problems])


@each_check
def test_it_introduces_itself(item: Item[Check]) -> None:
    module = importlib.import_module(f"{PACKAGE}.{item.name.replace('-', '_')}")
    heading = (module.__doc__ or "").partition("\n")[0]
    assert not heading.endswith(".")
    assert 0 < len(heading) <= LONGEST_HEADING
    assert item.manual
    assert item.value.source
    assert set(item.value.profiles) <= set(profiles())
    assert item.value.judges in {"", *OPERATIONS}
    assert len(inspect.getsource(module).splitlines()) <= LONGEST_MODULE


@each_check
def test_it_has_cases_that_pass_and_cases_that_do_not(item: Item[Check]) -> None:
    cases = cases_of(item.name)
    assert any(not case.problems and not case.skipped for case in cases)
    assert any(case.problems for case in cases)
    names = [case.name for case in cases]
    assert sorted(names) == sorted(set(names))


@each_case
def test_it_says_what_the_case_says(item: Item[Check], case: CheckCase, tmp_path: Path) -> None:
    build(tmp_path, case.start)
    before = fingerprint(tmp_path)
    with Tree(str(tmp_path)) as tree:
        subject = case.subject(tree)
        if case.skipped:
            with pytest.raises(Inapplicable, match=case.skipped):
                looked(item.value, subject)
            return
        problems = looked(item.value, subject)
        outcome = next(run([item], subject)).outcome
    assert fingerprint(tmp_path) == before
    assert len(problems) == len(case.problems), problems
    for problem, part in zip(problems, case.problems):
        assert part in problem.what
        assert problem.remedy
        assert f"{problem.what}{problem.remedy}".isprintable()
        assert not problem.what.endswith(".")
        assert not problem.remedy.endswith(".")
    if item.name not in profiles()[case.profile].value.severities:
        expected = Outcome.FAILED if case.fails else Outcome.WARNED
        assert outcome is (expected if case.problems else Outcome.PASSED)


@each_problem
def test_the_remedy_makes_it_pass(item: Item[Check], case: CheckCase, tmp_path: Path) -> None:
    assert case.mended or case.mended_machine
    build(tmp_path, case.end)
    with Tree(str(tmp_path)) as tree:
        assert looked(item.value, case.subject(tree, mended=True)) == []


@each_problem
def test_what_it_mends_itself_is_the_remedy(item: Item[Check], case: CheckCase, tmp_path: Path) -> None:
    if item.value.fix is None:
        return
    build(tmp_path, case.start)
    with Root(str(tmp_path)) as tree:
        fix = item.value.fix(case.subject(tree))
        assert read(tmp_path) == case.start, "planning changes nothing"
        if fix is None:
            return
        for action in fix.actions:
            action.perform(tree)
    assert fix.run or not case.made, "nothing makes it"
    assert read(tmp_path) == case.written


@each_case
def test_what_is_no_proper_file_stops_nothing(item: Item[Check], case: CheckCase, tmp_path: Path) -> None:
    for number, kind in enumerate((Fifo(), File(b"\xff\0=\n[\n:{" * 1000))):
        root = tmp_path / str(number)
        root.mkdir()
        build(root, {path: kind if isinstance(entry, File) else entry for path, entry in case.start.items()})
        with Tree(str(root)) as tree:
            entry = next(run([item], case.subject(tree)))
        assert str(root) not in entry.detail
        assert not [finding for finding in entry.findings if str(root) in str(finding)]


@each_check
def test_an_empty_tree_is_looked_at(item: Item[Check], tmp_path: Path) -> None:
    """A check says what is missing, or that it cannot tell, and nothing worse."""
    for profile in profiles().values():
        if item in chosen("", profile.value):
            with Tree(str(tmp_path)) as tree:
                case = CheckCase("empty", cases_of(item.name)[0].family, {}, profile=profile.name)
                try:
                    looked(item.value, case.subject(tree))
                except (Inapplicable, GuestsealError) as error:
                    assert str(error)
