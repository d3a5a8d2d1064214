"""What the entries of a check come to, as a verdict, a table, JUnit and SARIF."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from guestseal.check import summary, verdict
from guestseal.check.verdict import Level
from guestseal.cli.check import RENDERERS
from guestseal.report import Entry, Finding, Outcome

MAC = Finding("/etc/app.conf", "holds the MAC address", "take the line out", 12, "1a2b3c4d")
DISK = Finding("/etc/fstab", "names the disk /dev/sdb1", "name it by UUID")
SEARCHED = "1185 files, 34 MiB; searched for host-key"
KEYS = Entry(
    "ssh-host-keys", Outcome.LEFT, "SSH host keys", "identity", paths=("/etc/ssh/a\n\x1b[2J", "/etc/ssh/b"), count=2,
    section="leftovers",
)  # fmt: skip
LOGS = Entry("logs", Outcome.LEFT, "Logs", "clutter", count=3, size=4096, section="leftovers")
RESIDUE = Entry("mac-address", Outcome.LEFT, "MAC", "identity", findings=(MAC,), found=1, section="residue")
FSTAB = Entry("fstab", Outcome.FAILED, "Disks", findings=(DISK,), found=1, source="fstab(5)", section="readiness")
CONSOLE = Entry("console", Outcome.WARNED, "Console", findings=(DISK, MAC), found=9, section="readiness")
PASSED = Entry("sshd", Outcome.PASSED, "sshd runs", section="readiness")
SKIPPED = Entry("luks", Outcome.SKIPPED, "LUKS", detail="no encrypted disk", section="readiness")
SEARCH = Entry("residue-search", Outcome.PASSED, "Search", detail=f"{SEARCHED}; {SEARCHED}", section="residue")
UNSEARCHED = Entry("residue-search", Outcome.WARNED, "Search", findings=(DISK,), found=1, section="residue")
MANY = tuple(replace(KEYS, name=f"a{number}") for number in range(12))
EVERY = (KEYS, LOGS, RESIDUE, FSTAB, CONSOLE, PASSED, SKIPPED)


@pytest.mark.parametrize(
    ("entries", "strict", "status", "says"),
    [
        ((PASSED, SKIPPED), False, 0, "ready to be cloned"),
        ((LOGS,), False, 0, "clean; only clutter is left: logs"),
        ((LOGS,), True, 1, "clean; only clutter is left: logs"),
        ((KEYS,), False, 1, "NOT clean: ssh-host-keys; `guestseal seal` takes it away"),
        ((RESIDUE,), False, 1, "NOT clean: mac-address; each finding says where"),
        (MANY, False, 1, "NOT clean: a0, a1, a2, a3, a4, a5 and 6 more; `guestseal seal` takes it away"),
        ((KEYS, RESIDUE), False, 1, "`guestseal seal` takes most of it away"),
        ((CONSOLE,), False, 0, "ready to be cloned"),
        ((CONSOLE,), True, 1, "ready to be cloned"),
        ((KEYS, PASSED), False, 1, "`guestseal seal` takes it away; readiness passed"),
        ((UNSEARCHED, PASSED), False, 0, "clean as far as it was searched: residue-search; ready to be cloned"),
        ((KEYS, UNSEARCHED), False, 1, "NOT clean: ssh-host-keys; `guestseal seal` takes it away"),
        ((LOGS, FSTAB), False, 1, "only clutter is left: logs; NOT ready: fstab"),
    ],
)
def test_the_verdict(entries: tuple[Entry, ...], strict: bool, status: int, says: str) -> None:
    report = verdict.report(entries, [], strict=strict)
    assert (report.exit_code, report.failed) == (status, bool(status))
    assert report.message.endswith(says)


def test_a_note_counts_when_it_is_strict() -> None:
    assert verdict.report((PASSED,), ["/srv: not entered"], strict=True).exit_code == 1
    assert verdict.report((PASSED,), ["/srv: not entered"], strict=False).warnings == ("/srv: not entered",)


def test_the_table_shows_what_is_wrong_first_with_its_remedy() -> None:
    lines = list(summary.lines(EVERY, verbose=False))
    assert lines == [
        "Left over: 1 failed, 1 note",
        "  FAIL  ssh-host-keys  2 paths, 0 B: SSH host keys",
        "  note  logs           3 paths, 4.1 kB: Logs",
        "",
        "Residue: 1 failed",
        "  FAIL  mac-address  MAC",
        "        /etc/app.conf:12 [1a2b3c4d]: holds the MAC address",
        "        -> take the line out",
        "",
        "Readiness: 1 failed, 1 warning, 1 skipped, 1 ok",
        "  FAIL  fstab    Disks",
        "        /etc/fstab: names the disk /dev/sdb1",
        "        -> name it by UUID",
        "  warn  console  Console",
        "        /etc/fstab: names the disk /dev/sdb1",
        "          -> name it by UUID",
        "        /etc/app.conf:12 [1a2b3c4d]: holds the MAC address",
        "          -> take the line out",
        "        and 7 more",
        "",
    ]


def test_a_byte_of_a_name_that_is_no_text_is_told_as_in_json() -> None:
    entry = replace(FSTAB, findings=(replace(DISK, path="/srv/\udcff\xe9"),))
    assert "        /srv/\\xff\xe9: names the disk /dev/sdb1" in summary.lines((entry,), verbose=False)
    assert entry.to_json()["findings"][0]["path"] == "/srv/\\xff\xe9"


def test_verbose_shows_all_that_was_asked_and_nothing_a_terminal_obeys() -> None:
    lines = list(summary.lines(EVERY, verbose=True))
    assert "  ok    sshd     sshd runs" in lines
    assert "  skip  luks     no encrypted disk" in lines
    assert "        /etc/ssh/a\\n\\x1b[2J" in lines
    assert "        (fstab(5))" in lines
    assert all(line.isprintable() for line in lines)


def test_what_was_searched_is_told_where_nothing_was_found_as_well() -> None:
    lines = list(summary.lines((SEARCH, PASSED), verbose=False))
    assert lines[:4] == [
        "Residue: 1 ok",
        "  ok    residue-search",
        "        1185 files, 34 MiB; searched for host-key; 1185 files, 34 MiB; searched",
        "        for host-key",
    ]
    assert not [line for line in lines if "sshd" in line]


def test_junit_has_a_suite_a_section_and_fails_what_the_verdict_fails() -> None:
    top = ElementTree.fromstring(RENDERERS["junit"](verdict.report(EVERY, [], strict=False)))
    suites = {suite.get("name"): suite for suite in top}
    assert {name: (suite.get("tests"), suite.get("failures")) for name, suite in suites.items()} == {
        "leftovers": ("2", "1"),
        "residue": ("1", "1"),
        "readiness": ("4", "1"),
    }
    cases = {case.get("name"): case for case in top.iter("testcase")}
    failed = {name for name, case in cases.items() if case.find("failure") is not None}
    assert failed == {entry.name for entry in EVERY if verdict.level(entry) is Level.ERROR}
    failure = cases["fstab"].find("failure")
    assert failure is not None
    assert failure.text == "Disks\n/etc/fstab: names the disk /dev/sdb1; name it by UUID"
    assert cases["luks"].find("skipped") is not None
    assert cases["console"].findtext("system-out", "").endswith("and 7 more")
    assert cases["sshd"].find("*") is None


def test_junit_fails_what_the_verdict_fails_also_when_it_is_strict() -> None:
    top = ElementTree.fromstring(RENDERERS["junit"](verdict.report(EVERY, [], strict=True)))
    failed = {case.get("name") for case in top.iter("testcase") if case.find("failure") is not None}
    assert failed == {entry.name for entry in EVERY if verdict.level(entry) is not Level.NONE}


def test_sarif_has_a_result_a_place_with_its_line() -> None:
    document = json.loads(RENDERERS["sarif"](verdict.report(EVERY, [], strict=False)))
    assert document["version"] == "2.1.0"
    run = document["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == [f"{entry.section}/{entry.name}" for entry in EVERY]
    results = run["results"]
    assert {result["ruleId"] for result in results} <= set(rules)
    assert [result["level"] for result in results] == [*["error"] * 2, "note", "error", "error", "warning", "warning"]
    mac = next(result for result in results if result["ruleId"] == "residue/mac-address")
    assert mac["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "etc/app.conf", "uriBaseId": "ROOT"},
                "region": {"startLine": 12},
            }
        }
    ]
    assert mac["partialFingerprints"] == {"value/v1": "1a2b3c4d"}
    keys = [result for result in results if result["ruleId"] == "leftovers/ssh-host-keys"]
    assert mac["message"] == {"text": "holds the MAC address; take the line out"}
    assert keys[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "etc/ssh/a%0A%1B%5B2J"


def test_sarif_has_all_that_code_scanning_asks_of_it() -> None:
    """One result without a place, and GitHub takes none of the file: "SARIF support for code scanning"."""
    nowhere = replace(FSTAB, name="login", findings=(Finding("", "nobody can log in", "make an account"),), source="")
    alone = replace(CONSOLE, findings=(), found=0, detail="could not look")
    document = json.loads(RENDERERS["sarif"](verdict.report((nowhere, alone, *EVERY), [], strict=False)))
    (run,) = document["runs"]
    for result in run["results"]:
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"]
    for rule in run["tool"]["driver"]["rules"]:
        assert all(rule[name]["text"] for name in ("shortDescription", "fullDescription", "help"))


def test_junit_is_xml_whatever_a_file_is_called() -> None:
    name = "/srv/\udcff\x00\x0b\ufffe\U0001ffff<&]]>"
    entry = replace(FSTAB, findings=(replace(DISK, path=name),), detail=name)
    skipped = replace(SKIPPED, detail=name)
    top = ElementTree.fromstring(RENDERERS["junit"](verdict.report((entry, skipped), [], strict=False)))
    assert "<&]]>" in (top.findtext(".//failure") or "")
