"""Faults of what a clone remembers: lost, damaged, not writable, from another time, or on another machine.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from support.children import NEW_HOSTNAME, NEW_MOUNTS, in_child
from support.clones import SHADOW, TODAY, CloneTree, needs_root, on_full_disk
from support.clouds import cloudstack, this_machine
from support.debian import PROJECT, guestseal
from support.first_boot import (
    HOST_KEY,
    SEAL,
    STATE,
    as_the_running_system,
    boot,
    has_own_host_key,
    is_web,
    password_is,
    sealed_clone,
)
from support.platforms import PASSWORD, UUID, WEB
from support.trees import File, read

from guestseal.errors import Refused
from guestseal.firstboot.boot import Boot
from guestseal.firstboot.guard import HARDWARE, Guard
from guestseal.guest.accounts.shadow import entry
from guestseal.guest.root import Root
from guestseal.guest.seal_record import SEALED, SealRecord, hardware_hash
from guestseal.machine.clock import Clock
from guestseal.machine.runtime import Runtime
from guestseal.settings import Settings

pytestmark = needs_root

MUTE = replace(WEB, password=None)
DAY = 86400.0
DAMAGED: Mapping[str, bytes] = {
    "empty": b"",
    "truncated": b'{"schema": 1, "seal": "seal-1", "steps": {',
    "garbage": bytes(range(256)),
    "no object": b"[]",
    "an older schema": b'{"schema": 0}',
    "a schema to come": b'{"schema": 9, "seal": "seal-1", "steps": {}, "recovered": false}',
}


def personalised(path: Path) -> CloneTree:
    """A clone after its first boot."""
    clone = sealed_clone(path)
    with cloudstack() as cloud:
        assert boot(clone, cloud, again=False).status == "done"
    return clone


def test_Y2_a_state_that_cannot_be_read_is_put_aside_and_makes_no_new_clone(tmp_path: Path) -> None:
    clone = personalised(tmp_path / "clone")
    made = clone.entry(HOST_KEY)
    for name, content in DAMAGED.items():
        (clone.path / STATE[1:]).write_bytes(content)
        with cloudstack(instance=MUTE) as cloud:
            assert boot(clone, cloud, again=False).status == "done", name
        assert clone.entry(HOST_KEY) == made, name
        assert clone.entry(f"{STATE}.bad") == File(content, 0o600), name
        assert json.loads(clone.read(STATE))["recovered"] is True, name
    with cloudstack(instance=MUTE) as cloud:
        boot(clone, cloud)
    assert clone.entry(HOST_KEY) == made


def test_Y3_without_its_directory_a_machine_is_no_new_clone(tmp_path: Path) -> None:
    clone = personalised(tmp_path / "clone")
    shutil.rmtree(clone.path / "var/lib/guestseal")
    before = read(clone.path)
    with cloudstack() as cloud, Root(str(clone.path)) as root:
        cloud.machine.runtime_directory = str(tmp_path / "run")
        with pytest.raises(Refused, match="no seal record"):
            Boot(root, cloud.machine, cloud.settings, live=False)
        guard = Guard(root, cloud.machine, Runtime(str(tmp_path / "run")), container=str(tmp_path / "none"))
        assert guard.leaves_alone(cloud.settings)
        assert not guard.watch().failed
        assert cloud.asked() == 0
    after = read(clone.path)
    assert {path for path in {*before, *after} if before.get(path) != after.get(path)} == {
        HARDWARE.rpartition("/")[0],
        HARDWARE,
    }
    # And the unit of the network stage asks for one of these: neither is there.
    unit = (PROJECT / "systemd/guestseal-firstboot.service").read_text()
    conditions = [line.partition("=")[2] for line in unit.splitlines() if line.startswith("Condition")]
    assert conditions == [f"|{SEALED}", "|/run/guestseal/clone"]
    assert not (tmp_path / "run/clone").exists()


def test_Y4_a_full_disk_truncates_nothing_and_is_made_good_when_there_is_room(tmp_path: Path) -> None:
    def personalise() -> str:
        sealed = {
            SEALED: File(SEAL.to_json(), 0o600),
            HOST_KEY: File("the template's\n", 0o600),
            "/etc/ssh/sshd_config": File(f"UsePAM yes\nHostKey {HOST_KEY}\n"),
            "/root/.ssh/authorized_keys": File("# ours\n", 0o600),
        }
        clone = on_full_disk(tmp_path / "clone", sealed)
        originals = {path: clone.entry(path) for path in ("/etc/shadow", "/etc/hosts", "/root/.ssh/authorized_keys")}
        with cloudstack() as cloud:
            first = boot(clone, cloud, again=False)
            assert cloud.pending()
            assert {path: clone.entry(path) for path in originals} == originals
            assert clone.leftovers() == []
            (clone.path / "filling").unlink()
            second = boot(clone, cloud)
        assert clone.read("/root/.ssh/authorized_keys").startswith("# ours\n")
        return f"{first.status} {second.status} {is_web(clone, with_password=True)}"

    assert in_child(personalise, namespaces=NEW_MOUNTS) == "error done True"


@pytest.mark.parametrize("place", ["", "etc", "var"])
def test_Y5_what_is_read_only_fails_the_boot_and_not_the_machine(tmp_path: Path, place: str) -> None:
    def personalise() -> str:
        clone = sealed_clone(tmp_path / "clone")
        top = clone.path / place
        subprocess.run(["mount", "--bind", top, top], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", top], check=True)
        before = read(top)
        with cloudstack() as cloud:
            first = boot(clone, cloud, again=False)
            pending = cloud.pending()
            assert read(top) == before
            subprocess.run(["umount", top], check=True)
            second = boot(clone, cloud)
        return f"{first.status} {pending} {second.status} {is_web(clone, with_password=True)}"

    assert in_child(personalise, namespaces=NEW_MOUNTS) == "error True done True"


def test_Y5_the_units_wait_for_what_they_write_to_and_are_not_started_again() -> None:
    for name in ("guestseal-local.service", "guestseal-firstboot.service"):
        lines = (PROJECT / "systemd" / name).read_text().splitlines()
        (needed,) = (line.partition("=")[2].split() for line in lines if line.startswith("RequiresMountsFor="))
        assert {"/etc", "/var/lib/guestseal"} <= set(needed)
        assert not [line for line in lines if line.startswith("Restart=")]


class Jumping(Clock):
    """A wall clock that says ``first`` for the first ``times`` times, and ``then`` from there on."""

    def __init__(self, first: float, then: float, times: int) -> None:
        self._first, self._then, self._left = first, then, times

    def now(self) -> float:
        """The time on the wall."""
        self._left -= 1
        return self._first if self._left >= 0 else self._then


@pytest.mark.parametrize(
    ("clock", "changed"),
    [
        (Jumping(0.0, 0.0, 0), ""),
        (Jumping(DAY, TODAY * DAY, 1), ""),
        (Jumping(DAY, TODAY * DAY, 0), str(TODAY)),
        (Jumping(110 * 365 * DAY, 110 * 365 * DAY, 0), str(110 * 365)),
    ],
    ids=["1970", "it is set in the middle", "it is set before", "2080"],
)
def test_Y6_a_clock_that_is_wrong_or_jumps_changes_no_deadline_and_no_ones_password_age(
    clone: CloneTree, clock: Jumping, changed: str
) -> None:
    """An empty date is no date: a password of 1970 would have to be changed as soon as the clock is set."""
    with cloudstack(on=this_machine(clock=clock)) as cloud:
        outcome = boot(clone, cloud, budget=10)
    assert outcome.status == "done"
    assert outcome.seconds < 5
    assert is_web(clone, with_password=True)
    root = entry(clone.read("/etc/shadow").encode(), "root")
    assert root is not None
    assert root.last_change == changed
    assert clone.read("/etc/shadow").splitlines()[1:] == SHADOW.splitlines()[1:]


def test_Y6_no_time_of_the_wall_is_remembered(clone: CloneTree) -> None:
    with cloudstack(on=this_machine(clock=Jumping(DAY, DAY, 0))) as cloud:
        outcome = boot(clone, cloud)
    assert not [text for text in (clone.read(STATE), json.dumps(dict(outcome.facts))) if "1970" in text]


def test_Y15_a_snapshot_of_before_the_first_boot_becomes_a_machine_with_other_keys(
    clone: CloneTree, tmp_path: Path
) -> None:
    shutil.copytree(clone.path, tmp_path / "snapshot", symlinks=True)
    reverted = replace(clone, path=tmp_path / "snapshot")
    for each in (clone, reverted):
        with cloudstack() as cloud:
            assert boot(each, cloud).status == "done"
        assert is_web(each, with_password=True)
    assert clone.entry(HOST_KEY) != reverted.entry(HOST_KEY)


def test_Y16_a_master_that_is_booted_after_its_seal_personalises_itself_and_says_so(tmp_path: Path) -> None:
    salt = bytes(16)
    record = SealRecord(SEAL.id, SEAL.sealed_at, SEAL.version, {}, salt.hex(), hardware=hardware_hash(salt, UUID))
    master = sealed_clone(tmp_path / "master", {SEALED: File(record.to_json(), 0o600)})

    def boot_the_master() -> str:
        with as_the_running_system(master) as cloud:
            outcome = boot(master, cloud, stages=["network"])
        assert "seal it again before it is cloned" in outcome.said
        return f"{outcome.status} {outcome.facts['template_booted']}"

    assert in_child(boot_the_master, namespaces=NEW_HOSTNAME) == "done True"
    assert is_web(master, with_password=True)


def test_Y16_sealed_once_more_it_is_a_template_again(tmp_path: Path) -> None:
    master = personalised(tmp_path / "master")
    guestseal("--root", master.path, "seal", "--yes")
    assert master.entry(STATE) is None
    with Root(str(master.path)) as root:
        assert Boot(root, this_machine(), Settings(), live=False).record.id != SEAL.id


def test_Y23_a_reboot_for_new_labels_in_the_middle_is_gone_on_from(clone: CloneTree) -> None:
    """A guest with /.autorelabel reboots when its labels are set: after the local stage, before any network."""
    with cloudstack() as cloud:
        boot(clone, cloud, stages=["local"], again=False)
        made = clone.entry(HOST_KEY)
        assert has_own_host_key(clone)
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert outcome.entries["host-keys"].outcome.value == "clean"
    assert clone.entry(HOST_KEY) == made
    assert password_is(clone, PASSWORD)
