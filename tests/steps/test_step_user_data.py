"""The user-data step on real trees; what it starts is a script of the test's in place of systemd-run."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from support.children import every_cut
from support.clones import CloneTree, clone_tree, needs_root
from support.steps import Notebook
from support.trees import File, Link, fingerprint

from guestseal.catalog import Item
from guestseal.errors import CommandError, GuestError
from guestseal.firstboot.runner import StageRun
from guestseal.firstboot.step import Clone, Result
from guestseal.firstboot.steps.network.user_data import STEP, USER_DATA
from guestseal.machine.commands import Commands
from guestseal.machine.services import Services
from guestseal.report import Outcome

pytestmark = needs_root

SCRIPT = b"#!/bin/sh\necho hello\n"


@dataclass
class Lab:
    """A clone that is the running machine, as far as this step can tell, and how often its script was started."""

    vm: CloneTree
    base: Path
    status: int = 0
    systemd: bool = True

    @property
    def starts(self) -> list[str]:
        log = self.base / "started"
        return log.read_text().splitlines() if log.exists() else []

    def clone(
        self, *, memory: Mapping[str, str] | None = None, user_data: bytes = SCRIPT, instance: str = "i-1"
    ) -> Clone:
        clone = self.vm.clone(live=True, memory=memory, user_data=user_data, instance_id=instance)
        program = self.base / "bin/systemd-run"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "$@" >> {self.base}/started\nexit {self.status}\n')
        program.chmod(0o755)
        if self.systemd:
            (self.base / "systemd/system").mkdir(parents=True, exist_ok=True)
        clone.machine.commands = Commands({"PATH": f"{program.parent}:/usr/bin:/bin"})
        clone.machine.services = Services(clone.machine.commands, runtime=str(self.base))  # type: ignore[misc]
        return clone

    def run(
        self, *, memory: Mapping[str, str] | None = None, user_data: bytes = SCRIPT, instance: str = "i-1"
    ) -> Result:
        return STEP.run(self.clone(memory=memory, user_data=user_data, instance=instance))


def lab(path: Path, setting: str = "run") -> Lab:
    path.mkdir(parents=True, exist_ok=True)
    return Lab(clone_tree(path / "vm", user_data=setting), path)


def test_ignored_it_leaves_no_trace(tmp_path: Path) -> None:
    made = lab(tmp_path, "ignore")
    before = fingerprint(made.vm.path)
    assert not made.run().changed
    assert (fingerprint(made.vm.path), made.starts) == (before, [])


def test_kept_it_is_for_root_alone_and_does_not_run(tmp_path: Path) -> None:
    made = lab(tmp_path, "keep")
    result = made.run()
    assert (result.changed, result.detail, result.warnings) == (True, f"kept in {USER_DATA}", ())
    assert made.vm.entry(USER_DATA) == File(SCRIPT, 0o600)
    assert made.starts == []


def test_a_script_is_started_once(tmp_path: Path) -> None:
    made = lab(tmp_path)
    first = made.run()
    assert (first.changed, first.warnings) == (True, ())
    assert made.vm.entry(USER_DATA) == File(SCRIPT, 0o700)
    assert [line.split()[-1] for line in made.starts] == [USER_DATA]
    assert "--no-block" in made.starts[0]
    second = made.run(memory=first.memory)
    assert (second.changed, second.memory, len(made.starts)) == (False, first.memory, 1)


def test_other_content_for_the_same_instance_is_not_run_either(tmp_path: Path) -> None:
    made = lab(tmp_path)
    first = made.run()
    assert not made.run(memory=first.memory, user_data=b"#!/bin/sh\nreboot\n").changed
    assert made.vm.entry(USER_DATA) == File(SCRIPT, 0o700)


def test_another_instance_has_its_own(tmp_path: Path) -> None:
    made = lab(tmp_path)
    first = made.run()
    assert made.run(memory=first.memory, instance="i-2").changed
    assert len(made.starts) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"#cloud-config\nruncmd: [reboot]\n", "cloud-config"),
        (b"#cloud-boothook\n#!/bin/sh\n", "a boothook"),
        (b"Content-Type: multipart/mixed; boundary=x\n", "a MIME archive"),
        (b"mime-version: 1.0\n", "a MIME archive"),
        (b"#include\nhttp://192.0.2.1/\n", "a list of addresses"),
        (b"## template: jinja\n#!/bin/sh\n", "a template"),
        (b" #!/bin/sh\n", "no script"),
        (b"\x1f\x8b\x08", "no script"),
        (b"", "no script"),
    ],
)
def test_what_is_no_script_is_kept_and_said_not_to_run(tmp_path: Path, content: bytes, said: str) -> None:
    made = lab(tmp_path)
    result = made.run(user_data=content)
    assert [warning.startswith(f"not run: it is {said};") for warning in result.warnings] == [True]
    assert (made.vm.entry(USER_DATA), made.starts) == (File(content, 0o600), [])


def test_where_systemd_does_not_run_it_is_kept(tmp_path: Path) -> None:
    made = lab(tmp_path)
    made.systemd = False
    assert made.run().warnings == ("not run: systemd does not run here",)
    assert made.vm.entry(USER_DATA) == File(SCRIPT, 0o600)


def test_of_another_machines_tree_nothing_is_run(tmp_path: Path) -> None:
    made = lab(tmp_path)
    result = STEP.run(replace(made.clone(), live=False))
    assert (len(result.warnings), made.starts) == (1, [])


def test_a_start_that_fails_is_an_error_and_is_not_tried_again(tmp_path: Path) -> None:
    """Nobody can know how far a program came that failed."""
    made = lab(tmp_path)
    made.status = 1
    kept: dict[str, str] = {}
    with pytest.raises(CommandError, match="by hand"):
        STEP.run(replace(made.clone(), remember=kept.update))
    assert not made.run(memory=kept).changed
    assert len(made.starts) == 1


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    made = lab(tmp_path)
    (made.vm.path / "var/lib/guestseal").mkdir(parents=True)
    (made.vm.path / USER_DATA[1:]).symlink_to("/etc/precious")
    with pytest.raises(GuestError):
        made.run()
    assert made.vm.entry(USER_DATA) == Link("/etc/precious")
    assert made.starts == []


def test_a_power_cut_anywhere_runs_it_at_most_once(tmp_path: Path) -> None:
    """And not at all when it came between the memory and the start."""
    step = Item("user-data", "User data", "", STEP)

    def boot(made: Lab) -> Outcome:
        return StageRun.begin(made.clone(), "seal-1", Notebook()).run_item(step).outcome

    counted = []
    for made in every_cut(lab, boot, tmp_path):
        had = len(made.starts)
        boot(made)
        boot(made)
        counted.append((had, len(made.starts)))
    # Nothing begun: it runs at the next boot. Remembered and not started: never. Started: not again.
    assert [key for key, _ in itertools.groupby(counted)] == [(0, 1), (0, 0), (1, 1)]
    assert len(counted) >= 8
