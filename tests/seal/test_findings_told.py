"""What becomes of findings: warnings of a plan, of a seal and of a check, which fails with them when it is strict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.trees import File, build

from guestseal.catalog import Item
from guestseal.check import leftovers, verdict
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.render import to_json, to_text
from guestseal.report import Finding
from guestseal.seal import runner
from guestseal.seal.operation import Kind, Operation
from guestseal.seal.sealing import Sealing

FOUND = Finding("/etc/agent.conf", "holds a token", "take it out")
REPORTER = Item("reporter", "Report tokens", "A manual.", Operation(kind=Kind.SECRET, findings=lambda guest: [FOUND]))
SAID = "reporter: /etc/agent.conf: holds a token; take it out"


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    build(tmp_path, {"/etc/os-release": File("ID=debian\n"), "/etc/agent.conf": File("token=abcdefghijkl\n")})
    return tmp_path


def test_a_plan_and_a_seal_warn_of_it_and_are_done(guest: Path) -> None:
    with Root(str(guest)) as root:
        sealing = Sealing(Guest(root), "logs")
        sealing.items = [REPORTER]
        plan = sealing.plan()
        assert sealing.warnings(plan) == (SAID,)
        report = sealing.apply(root, lambda entry: None)
    assert (report.message, report.warnings) == ("sealed", (SAID,))
    assert f"warning: {SAID}\n" in to_text(report)
    document = json.loads(to_json(report))
    assert document["warnings"] == [SAID]
    assert document["entries"][0]["findings"] == [FOUND.to_json()]
    assert (document["entries"][0]["status"], document["entries"][0]["found"]) == ("warned", 1)
    assert (guest / "etc/agent.conf").read_text() == "token=abcdefghijkl\n"


@pytest.mark.parametrize(("strict", "status"), [(False, 0), (True, 1)])
def test_a_check_warns_of_it_and_fails_when_it_is_strict(strict: bool, status: int, guest: Path) -> None:
    with Root(str(guest)) as root:
        entries = list(leftovers.findings(runner.survey([REPORTER], Guest(root))))
    report = verdict.report(entries, ["a note"], strict=strict)
    assert (report.exit_code, report.warnings) == (status, (SAID, "a note"))
    assert verdict.report(entries, [], strict=strict).exit_code == status
