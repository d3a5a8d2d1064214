"""Clones of machines that were not sealed, told by their hardware; and machines that are left alone."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from support.clones import DEBIAN
from support.debian import changed, snapshot
from support.machine import FakeCommands, machine
from support.trees import File, build

from guestseal.errors import Refused
from guestseal.firstboot.boot import Boot
from guestseal.firstboot.guard import HARDWARE, UNSEALED_CLONE, Guard, Sight
from guestseal.firstboot.status import status
from guestseal.guest.identity import Identity
from guestseal.guest.root import Root
from guestseal.guest.seal_record import Preparation, SealRecord, begin, finish, read_record
from guestseal.guest.tree import Tree
from guestseal.machine.commands import Commands
from guestseal.machine.firmware import Firmware
from guestseal.machine.host import Machine
from guestseal.machine.runtime import CLONE, STATUS, Runtime
from guestseal.report import Report
from guestseal.settings import Settings

TEMPLATE = "11111111-2222-4333-8444-555555555555"
CLONE_UUID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
SECOND_CLONE = "aaaaaaaa-bbbb-4ccc-8ddd-ffffffffffff"
WARN, PERSONALISE = Settings(), Settings(unsealed_clone="personalise")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="changes what belongs to root")


class Disk:
    """A machine's disk, booted on one hardware after another. Each boot is a local stage, as the command runs it."""

    def __init__(self, directory: Path) -> None:
        self.top = directory / "disk"
        self.top.mkdir()
        build(self.top, {**DEBIAN, "/etc/ssh/ssh_host_ed25519_key": File("the template's\n", 0o600)})
        self.runtime = Runtime(str(directory / "run/guestseal"))
        self.container = directory / "run/container"
        self.container.parent.mkdir()

    def guard(self, root: Root, uuid: str | None, *, live: bool = True) -> Guard:
        return Guard(root, self.machine(uuid), self.runtime, live=live, container=str(self.container))

    def machine(self, uuid: str | None) -> Machine:
        # A real ssh-keygen.
        return machine(firmware=Firmware(uuid=uuid), commands=Commands())

    def boot(self, uuid: str | None, settings: Settings = WARN, *, broken: bool = False) -> Report:
        for name in (STATUS, CLONE):
            self.runtime.forget(name)
        with Root(str(self.top)) as root:
            guard = self.guard(root, uuid)
            if guard.leaves_alone(settings):
                return guard.watch()
            made = self.machine(uuid)
            made.runtime_directory = str(self.container.parent / "guestseal")
            if broken:
                made.commands = FakeCommands()
            # Not live: this tree's steps have nothing to do to the machine that runs the tests.
            return Boot(root, made, settings, live=False, guard=guard).local()

    def status(self) -> Report:
        with Tree(str(self.top)) as tree:
            return status(tree, self.runtime)

    def seal(self, uuid: str) -> SealRecord:
        """Seal it, as the end of a seal does, with what the operation on guestseal's own state takes away."""
        with Root(str(self.top)) as root:
            preparation = Preparation().knowing(Identity(), uuid)
            begin(root, preparation)
            root.remove(HARDWARE)
            finish(root, preparation, {}, swept=True)
            record = read_record(root)
        assert record is not None
        return record

    @property
    def host_key(self) -> str:
        return (self.top / "etc/ssh/ssh_host_ed25519_key").read_text()

    @property
    def remembered(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.top / HARDWARE[1:]).read_text())
        return found

    @property
    def exists(self) -> bool:
        return (self.top / HARDWARE[1:]).exists()

    @property
    def network_stage_runs(self) -> bool:
        """By the conditions of guestseal-firstboot.service."""
        return (self.top / "var/lib/guestseal/sealed.json").exists() or self.runtime.read(CLONE) is not None


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    """A machine with the package installed that has not been booted since."""
    return Disk(tmp_path)


def test_a_machine_that_is_merely_installed_is_left_alone(disk: Disk) -> None:
    before = snapshot(disk.top)
    assert not disk.boot(TEMPLATE).message
    directories = {"/var", "/var/lib", "/var/lib/guestseal"}
    assert changed(before, snapshot(disk.top)) <= {*directories, HARDWARE}
    assert stat.S_IMODE((disk.top / HARDWARE[1:]).stat().st_mode) == 0o600
    assert TEMPLATE not in json.dumps(disk.remembered)
    after = snapshot(disk.top)
    for _ in range(2):
        assert not disk.boot(TEMPLATE, PERSONALISE).message
    assert snapshot(disk.top) == after
    assert disk.status().facts["status"] == "unsealed"
    assert not disk.network_stage_runs


def test_a_clone_of_it_is_told_so_and_left_as_it_is(disk: Disk, caplog: pytest.LogCaptureFixture) -> None:
    disk.boot(TEMPLATE)
    before = snapshot(disk.top)
    for _ in range(2):
        caplog.clear()
        report = disk.boot(CLONE_UUID)
        assert (report.exit_code, report.facts["status"]) == (0, UNSEALED_CLONE)
        assert "never sealed" in caplog.text
        assert "unsealed-clone = personalise" in caplog.text
        told = disk.status()
        assert (told.facts["status"], told.exit_code) == (UNSEALED_CLONE, 1)
        assert HARDWARE in told.warnings[0]
    assert snapshot(disk.top) == before
    assert not disk.network_stage_runs


def test_whoever_knows_that_it_is_the_same_machine_says_so_by_removing_the_file(disk: Disk) -> None:
    disk.boot(TEMPLATE)
    disk.boot(CLONE_UUID)
    (disk.top / HARDWARE[1:]).unlink()
    assert not disk.boot(CLONE_UUID).message
    assert not disk.boot(CLONE_UUID).message
    assert disk.status().facts["status"] == "unsealed"


def test_a_clone_of_it_is_personalised_exactly_once_where_that_is_wanted(disk: Disk) -> None:
    disk.boot(TEMPLATE)
    templates = disk.host_key
    report = disk.boot(CLONE_UUID, PERSONALISE)
    assert (report.facts["status"], report.facts.get("hardware_changed")) == ("done", None)
    own = disk.host_key
    assert own != templates
    seal = disk.remembered["seal"]
    assert CLONE_UUID not in json.dumps(disk.remembered)
    assert disk.status().facts["seal"] == seal
    assert disk.status().facts["status"] == "running"  # the network stage is still to come
    assert disk.network_stage_runs
    before = snapshot(disk.top)
    # At every later boot it is asked what the platform has, whatever the setting has become.
    for settings in (PERSONALISE, WARN):
        report = disk.boot(CLONE_UUID, settings)
        assert not report.changed
        assert disk.network_stage_runs
    assert (disk.host_key, snapshot(disk.top)) == (own, before)


def test_a_clone_of_that_clone_is_one_as_well(disk: Disk) -> None:
    disk.boot(TEMPLATE)
    disk.boot(CLONE_UUID, PERSONALISE)
    first, seal = disk.host_key, disk.remembered["seal"]
    assert disk.boot(SECOND_CLONE).facts["status"] == UNSEALED_CLONE
    assert disk.host_key == first
    assert disk.boot(SECOND_CLONE, PERSONALISE).facts["status"] == "done"
    assert disk.host_key != first
    assert disk.remembered["seal"] != seal


def test_a_personalisation_that_failed_is_taken_up_again(disk: Disk) -> None:
    disk.boot(TEMPLATE)
    (disk.top / "usr/bin").mkdir(parents=True, exist_ok=True)
    before = disk.remembered
    assert disk.boot(CLONE_UUID, PERSONALISE, broken=True).failed
    assert disk.remembered == before
    assert disk.network_stage_runs
    assert not disk.boot(CLONE_UUID, PERSONALISE).failed
    own = disk.host_key
    assert own != "the template's\n"
    assert not disk.boot(CLONE_UUID, PERSONALISE).changed
    assert disk.host_key == own


def test_a_power_cut_before_the_hardware_is_remembered_makes_no_second_clone(disk: Disk) -> None:
    disk.boot(TEMPLATE)
    before = (disk.top / HARDWARE[1:]).read_bytes()
    disk.boot(CLONE_UUID, PERSONALISE)
    own = disk.host_key
    (disk.top / HARDWARE[1:]).write_bytes(before)
    disk.boot(CLONE_UUID, PERSONALISE)
    assert disk.host_key == own


def test_a_uuid_in_the_other_byte_order_is_the_same_machine(disk: Disk) -> None:
    disk.boot(TEMPLATE)
    assert not disk.boot("11111111-2222-3343-8444-555555555555").message
    disk.boot(CLONE_UUID, PERSONALISE)
    before = snapshot(disk.top)
    disk.boot("aaaaaaaa-bbbb-cc4c-8ddd-eeeeeeeeeeee", PERSONALISE)
    assert snapshot(disk.top) == before


def test_without_a_uuid_there_is_no_verdict(disk: Disk) -> None:
    before = snapshot(disk.top)
    assert not disk.boot(None).message
    assert snapshot(disk.top) == before
    disk.boot(TEMPLATE)
    before = snapshot(disk.top)
    assert not disk.boot(None, PERSONALISE).message
    assert snapshot(disk.top) == before


def test_in_a_container_there_is_no_verdict(disk: Disk) -> None:
    disk.boot(TEMPLATE)
    disk.container.write_text("lxc")
    assert not disk.boot(CLONE_UUID, PERSONALISE).message
    assert disk.host_key == "the template's\n"


def test_a_tree_that_is_not_the_running_machine_is_not_on_its_hardware(disk: Disk) -> None:
    disk.boot(TEMPLATE)
    with Root(str(disk.top)) as root:
        guard = disk.guard(root, CLONE_UUID, live=False)
        assert guard.sight is Sight.NOTHING
        assert not guard.leaves_alone(WARN)
        with pytest.raises(Refused):
            Boot(root, disk.machine(CLONE_UUID), PERSONALISE, live=False)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"salt": "x", "hardware": "y"}', '{"salt": 1}', '{"schema": 9}'])
def test_what_cannot_be_read_is_written_anew(disk: Disk, content: str) -> None:
    disk.boot(TEMPLATE)
    (disk.top / HARDWARE[1:]).write_text(content)
    assert not disk.boot(CLONE_UUID, PERSONALISE).message
    assert disk.host_key == "the template's\n"
    assert disk.boot(TEMPLATE).facts["status"] == UNSEALED_CLONE


def test_a_clone_of_a_sealed_template_is_never_an_unsealed_one(disk: Disk) -> None:
    disk.boot(TEMPLATE)
    disk.seal(TEMPLATE)
    assert not disk.exists
    for _ in range(2):
        report = disk.boot(CLONE_UUID, PERSONALISE)
        assert report.facts["status"] == "done"
        assert "hardware_changed" not in report.facts
    assert disk.remembered["seal"] is None


def test_Y14_a_personalised_clone_on_other_hardware_is_warned_of_and_keeps_its_identity(
    disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    disk.seal(TEMPLATE)
    disk.boot(CLONE_UUID)
    before = snapshot(disk.top)
    for settings in (WARN, PERSONALISE):
        caplog.clear()
        report = disk.boot(SECOND_CLONE, settings)
        assert (report.facts["status"], report.facts["hardware_changed"]) == ("done", True)
        assert "its identity stays" in caplog.text
        assert HARDWARE in disk.status().warnings[0]
    assert snapshot(disk.top) == before
    # Back where it was, or declared to be the same: nothing is said any more.
    assert "hardware_changed" not in disk.boot(CLONE_UUID).facts
    (disk.top / HARDWARE[1:]).unlink()
    assert "hardware_changed" not in disk.boot(SECOND_CLONE).facts


def test_a_clone_of_a_master_that_was_booted_after_its_seal_is_told_of_it(disk: Disk) -> None:
    disk.seal(TEMPLATE)
    disk.boot(TEMPLATE)
    masters = disk.host_key
    assert disk.boot(CLONE_UUID).facts["hardware_changed"]
    assert disk.host_key == masters


def test_a_read_only_root_costs_the_verdict_and_nothing_else(disk: Disk, caplog: pytest.LogCaptureFixture) -> None:
    (disk.top / "var").mkdir()
    (disk.top / "var/lib").write_text("no directory")
    assert not disk.boot(TEMPLATE).message
    assert "not remembered" in caplog.text
