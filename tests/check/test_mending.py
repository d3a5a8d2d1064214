"""`guestseal check --fix`: the plan is shown, confirmed, done, and looked at again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.machine import FakeCommands, machine
from support.trees import File, build, fingerprint

from guestseal.catalog import Item
from guestseal.check import mending, readiness
from guestseal.check.check import Check, Fix, Inapplicable, Problem, Subject
from guestseal.check.profile import Profile
from guestseal.guest.actions import Action, Remove, Replace
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.report import Outcome

FLAG = "/.unconfigured"
WORDS = ("check", "--only", "readiness", "--checks", "unconfigured-flags", "--fix")


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    build(tmp_path, {"/etc/os-release": File("ID=debian\n"), FLAG: File()})
    return tmp_path


def guestseal(guest: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "guestseal", "--root", str(guest), *words]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


def check(*actions: Action, run: tuple[tuple[str, ...], ...] = ()) -> Item[Check]:
    """A check that never passes, with a fix."""
    made = Check(lambda _: [Problem("it is wrong", "mend it")], "nowhere", fix=lambda _: Fix(actions, run))
    return Item("wrong", "A check", "Its manual.", made)


def mend(item: Item[Check], root: Root, commands: FakeCommands | None = None) -> list[str]:
    running = machine(commands=commands) if commands is not None else None
    subject = Subject(Guest(root), Profile("generic"), running)
    entries = list(readiness.run([item], subject))
    return list(mending.perform(mending.planned([item], entries, subject), root, subject))


def test_it_shows_what_it_does_and_looks_again(guest: Path) -> None:
    done = guestseal(guest, *WORDS, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "unconfigured-flags: remove /.unconfigured" in done.stderr
    assert "ready to be cloned" in done.stdout
    assert not (guest / FLAG[1:]).exists()


def test_without_a_confirmation_nothing_is_changed(guest: Path) -> None:
    before = fingerprint(guest)
    done = guestseal(guest, *WORDS)
    assert done.returncode == 3
    assert "not confirmed" in done.stderr
    assert fingerprint(guest) == before


def test_what_is_well_is_left_alone(guest: Path) -> None:
    os.unlink(guest / FLAG[1:])
    before = fingerprint(guest)
    assert guestseal(guest, *WORDS).returncode == 0
    assert fingerprint(guest) == before


def test_a_fix_that_would_touch_a_protected_path_is_not_done(guest: Path) -> None:
    with Root(str(guest)) as root:
        said = mend(check(Remove("/etc/pam.d"), Remove(FLAG)), root)
    assert len(said) == 1
    assert "protected" in said[0]
    assert (guest / FLAG[1:]).exists(), "what belongs to the same fix is not done either"


def test_programs_run_in_the_running_machine_and_are_named_for_a_tree(guest: Path) -> None:
    item = check(Replace("/etc/default/grub", b"x\n"), run=(("update-grub",),))
    with Root(str(guest)) as root:
        assert mend(item, root) == ["wrong: to make it count, run in the guest: update-grub"]
        commands = FakeCommands({"update-grub": b""})
        assert mend(item, root, commands) == []
        assert commands.ran == [("update-grub",)]
        assert "update-grub: not run" in mend(item, root, FakeCommands())[0]


def test_a_check_that_cannot_look_does_not_pass() -> None:
    def broken(subject: Subject) -> list[Problem]:
        subject.tree.read("/etc")
        raise AssertionError

    def unable(subject: Subject) -> list[Problem]:
        raise Inapplicable("nobody can tell")

    with Root("/usr") as root:
        subject = Subject(Guest(root), Profile("generic"))
        items = [Item(name, "", "", Check(look, "")) for name, look in (("a", broken), ("b", unable))]
        entries = list(readiness.run(items, subject))
    assert [entry.outcome for entry in entries] == [Outcome.WARNED, Outcome.SKIPPED]
