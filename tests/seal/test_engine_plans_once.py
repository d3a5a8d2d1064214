"""How often the engine plans and asks: an operation once a pass, its guards only where there is something to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.trees import File, build, fingerprint

from guestseal.catalog import Item
from guestseal.check import readiness
from guestseal.examination import SECTIONS, Examination, Wanted
from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.report import Entry, Outcome
from guestseal.seal import runner
from guestseal.seal.coverage import Coverage
from guestseal.seal.operation import Guard, Kind, Operation

GUEST = {
    "/etc/os-release": File("ID=debian\n"),
    "/etc/passwd": File("root:x:0:0:root:/root:/bin/sh\n"),
    "/etc/ssh/moduli": File("primes\n"),
    "/opt/agent/id": File("id\n"),
    "/opt/agent/data/log": File("line\n"),
}


class Watched:
    """An operation that notes how often it planned to its end, and its guard how often it was asked."""

    def __init__(self, *paths: str, holds: bool = True) -> None:
        self.planned = self.asked = 0
        self._paths, self._holds = paths, holds
        operation = Operation(kind=Kind.IDENTITY, also=self._plan, needs=(Guard(self._ask, "it says so"),))
        self.item = Item("watched", "A heading", "A manual.", operation)

    def _plan(self, guest: Guest) -> Iterator[Action]:
        yield from (Remove(path) for path in self._paths if guest.tree.exists(path))
        self.planned += 1

    def _ask(self, guest: Guest) -> bool:
        self.asked += 1
        return self._holds


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Root]:
    build(tmp_path, GUEST)
    with Root(str(tmp_path)) as opened:
        yield opened


def survey(root: Root, watched: Watched, coverage: Coverage | None = None) -> Entry:
    (entry,) = runner.survey([watched.item], Guest(root), coverage=coverage)
    return entry


def apply(root: Root, watched: Watched) -> Entry:
    (entry,) = runner.apply([watched.item], Guest(root), root)
    return entry


@pytest.mark.parametrize("run", [survey, apply])
def test_where_nothing_is_to_be_done_no_guard_is_asked(root: Root, run) -> None:
    watched = Watched("/opt/other", holds=False)
    assert run(root, watched).outcome is Outcome.CLEAN
    assert list(runner.pending([watched.item], Guest(root))) == []
    assert list(runner.overwritten([watched.item], Guest(root))) == []
    assert watched.asked == 0


@pytest.mark.parametrize("run", [survey, apply])
def test_what_is_kept_is_planned_once_and_its_guard_asked_once(root: Root, run, tmp_path: Path) -> None:
    watched = Watched("/opt/agent/id", "/opt/agent/data", holds=False)
    before = fingerprint(tmp_path)
    entry = run(root, watched)
    assert (entry.outcome, entry.count, entry.detail) == (Outcome.KEPT, 3, "kept, because it says so")
    assert (watched.planned, watched.asked) == (1, 1)
    assert fingerprint(tmp_path) == before


def test_a_guard_is_asked_before_the_first_change_and_never_again(root: Root, tmp_path: Path) -> None:
    watched = Watched("/opt/agent/id", "/opt/agent/data")
    assert survey(root, watched).outcome is Outcome.PLANNED
    assert (watched.planned, watched.asked) == (1, 1)
    assert apply(root, watched).outcome is Outcome.DONE
    assert watched.asked == 2
    assert not (tmp_path / "opt/agent/id").exists()


def test_a_survey_tells_which_paths_would_be_reached(root: Root) -> None:
    coverage = Coverage()
    survey(root, Watched("/opt/agent/id", "/opt/agent/data"), coverage)
    reached = [path for path in ("/opt/agent/id", "/opt/agent/data/log", "/opt/agent") if coverage.reaches(path)]
    assert reached == ["/opt/agent/id", "/opt/agent/data/log"]


@pytest.mark.parametrize(
    "watched", [Watched("/opt/agent/id", holds=False), Watched("/opt/agent/id", "/etc/ssh")], ids=["kept", "protected"]
)
def test_what_will_not_be_done_reaches_nothing(root: Root, watched: Watched) -> None:
    coverage = Coverage()
    survey(root, watched, coverage)
    assert not coverage.reaches("/opt/agent/id")


class Asked(Root):
    """A root that notes each pattern it is asked for."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.patterns: list[str] = []

    def glob(self, pattern: str) -> Iterator[str]:
        self.patterns.append(pattern)
        return super().glob(pattern)


def test_a_check_plans_once_for_what_is_left_and_for_what_it_covers(tmp_path: Path) -> None:
    build(tmp_path, GUEST)
    with Asked(str(tmp_path)) as root:
        examination = Examination(root, Wanted(readiness.profiles()[readiness.GENERIC].value), None)
        list(examination.look(SECTIONS))
        assert root.patterns.count("/var/lib/systemd/random-seed") == 1
