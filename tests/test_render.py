"""What people are shown: a plan that is read at a glance, however many paths it has, on a terminal of any width."""

from __future__ import annotations

import pytest

from guestseal import render
from guestseal.report import Entry, Finding, Outcome, Report

HEADING = "Remove DHCP leases and the identities that DHCP clients made for themselves"
LEASES = Entry("dhcp-leases", Outcome.PLANNED, HEADING, "identity", paths=("/a", "/b"), count=2, size=2048)
LOGS = Entry("logs", Outcome.PLANNED, "Empty the logs", paths=tuple(f"/var/log/{n}" for n in range(500)), count=500)
WHY = "because nothing in this guest would make new ones"
KEPT = Entry("ssh-host-keys", Outcome.KEPT, "Remove the SSH host keys", detail=f"kept, {WHY}")
FINDING = Finding("/var/spool/cron/crontabs/ada", "runs on every clone", "remove it unless it is meant for them")
WARNED = Entry("crontabs", Outcome.WARNED, "Report accounts' crontabs", findings=(FINDING,), found=1)
CLEAN = Entry("at-jobs", Outcome.CLEAN, "Remove jobs of at")


def plan(*entries: Entry, kept: tuple[str, ...] = ()) -> Report:
    warnings = (*kept, *(line for entry in entries for line in entry.warnings))
    return Report("seal", "would change 502 paths", entries, warnings=warnings)


@pytest.mark.parametrize("width", [None, *range(40, 201, 20)])
def test_no_line_is_wider_than_the_terminal(width: int | None) -> None:
    text = render.to_text(plan(LEASES, KEPT, WARNED), width=width)
    rows = (
        [line for line in text.splitlines() if not line.startswith("warning")] if width is None else text.splitlines()
    )
    assert max(map(len, rows)) <= (width or render.WIDTH)


@pytest.mark.parametrize(
    ("width", "heading"),
    [(None, "Remove DHCP leases and the ..."), (80, "Remove DHCP leases and the ..."), (140, HEADING)],
)
def test_a_heading_is_cut_between_words_and_not_where_there_is_room(width: int | None, heading: str) -> None:
    assert render.row(LEASES, widest=22, width=width).endswith(f"kB  {heading}")


def test_a_long_listing_is_followed_by_the_table_alone() -> None:
    lines = render.to_text(plan(LOGS, LEASES), listing=True).splitlines()
    assert lines[1] == "    /var/log/0"
    last = lines.index("")
    assert [line.split()[1] for line in lines[last + 1 : -1]] == ["logs", "dhcp-leases"]
    assert lines[-1] == "guestseal seal: would change 502 paths"


def test_a_short_listing_is_not_said_twice() -> None:
    assert render.to_text(plan(LEASES), listing=True).count("dhcp-leases") == 1


def test_what_only_warns_is_told_once_and_by_its_warning() -> None:
    text = render.to_text(plan(LEASES, WARNED, CLEAN))
    assert text.count("crontabs:") == 1
    assert "Report accounts' crontabs" not in text
    assert "warning: crontabs: /var/spool/cron/crontabs/ada: runs on every clone; remove it" in text


def test_why_something_is_kept_is_told_once() -> None:
    text = render.to_text(plan(KEPT, kept=(f"{KEPT.name}: {KEPT.detail}",)))
    assert text.count(WHY) == text.count("because") == text.count("kept") == 1


def test_asked_for_more_it_shows_every_operation() -> None:
    shown = render.table((LEASES, WARNED, CLEAN), verbose=True)
    assert [line.split()[0] for line in shown] == ["planned", "warned", "clean"]


def test_a_warning_that_no_person_reads_is_one_line_for_grep() -> None:
    assert len(render.to_text(plan(WARNED)).splitlines()) == 2
    assert len(render.to_text(plan(WARNED), width=60).splitlines()) > 2


def test_one_path_is_not_called_paths() -> None:
    assert (render.paths(1), render.paths(2)) == ("1 path", "2 paths")
