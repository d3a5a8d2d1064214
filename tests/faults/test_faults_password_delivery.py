"""Faults of a password's delivery: where it cannot be set, what was given before, by whom, and whom to tell.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.clones import CloneTree, needs_root
from support.clouds import ROUTER, SECOND_ROUTER, cloudstack, this_machine
from support.debian import PROJECT
from support.first_boot import STATE, boot, password_is, sealed_clone
from support.machine import FakeNetwork, interface, soon
from support.media import drive_platform
from support.platforms import PASSWORD, UUID, WEB
from support.trees import Dir, Entry, File

from guestseal.firstboot.boot import Boot
from guestseal.guest.root import Root
from guestseal.machine.clock import Clock
from guestseal.machine.commands import Commands
from guestseal.machine.firmware import Firmware
from guestseal.machine.parallel import Parallel
from guestseal.simulate.faults import Fault

pytestmark = needs_root

SAVED = ("DomU_Request", "saved_password")
NIC, SECOND_NIC = "127.0.0.1", "127.0.0.5"
NO_ROOT = "daemon:*:19000:0:99999:7:::\n"


@pytest.mark.parametrize(
    "changes",
    [{"/etc/shadow": None}, {"/etc/shadow": File(NO_ROOT, 0o640)}, {"/etc/shadow": Dir(0o755)}],
    ids=["no shadow", "no root in it", "a directory"],
)
def test_P14_without_a_place_for_it_the_password_stays_with_the_platform(
    tmp_path: Path, changes: dict[str, Entry | None]
) -> None:
    clone = sealed_clone(tmp_path / "clone", changes)
    with cloudstack() as cloud:
        outcome = boot(clone, cloud)
        assert cloud.pending()
    assert outcome.status == "error"
    assert outcome.asked("saved_password") == []
    assert clone.read("/etc/hostname") == "web\n"


def test_P14_a_read_only_shadow_is_tried_again_at_the_next_boot(tmp_path: Path) -> None:
    def personalise() -> str:
        clone = sealed_clone(tmp_path / "clone")
        etc = tmp_path / "clone/etc"
        with cloudstack() as cloud:
            boot(clone, cloud, stages=["local"], again=False)
            subprocess.run(["mount", "--bind", etc, etc], check=True)
            subprocess.run(["mount", "-o", "remount,bind,ro", etc], check=True)
            first = boot(clone, cloud, stages=["network"], again=False)
            pending = cloud.pending()
            subprocess.run(["umount", etc], check=True)
            second = boot(clone, cloud, stages=["network"], again=False)
        return f"{first.status} {pending} {second.status} {password_is(clone, PASSWORD)}"

    assert in_child(personalise, namespaces=NEW_MOUNTS) == "error True done True"


def test_P14_nor_is_it_acknowledged_when_another_one_was_chosen_in_between(clone: CloneTree) -> None:
    """Configuration management, say, or the change that the console demands at the first login."""
    shadow = clone.path / "etc/shadow"
    with cloudstack() as cloud:
        if subprocess.run(["chattr", "+i", shadow], check=False).returncode:
            pytest.skip("no immutable files here")
        try:
            first = boot(clone, cloud, again=False)
        finally:
            subprocess.run(["chattr", "-i", shadow], check=True)
        _choose(clone, b"the configuration management's")
        second = boot(clone, cloud, again=False)
        assert not cloud.pending()
    assert (first.status, second.status) == ("error", "done")
    assert password_is(clone, PASSWORD)


def test_P15_after_a_crash_before_the_acknowledgement_it_is_only_acknowledged(clone: CloneTree) -> None:
    with cloudstack(Fault(header=SAVED, reset=True)) as cloud:
        boot(clone, cloud, again=False)
        before = clone.read("/etc/shadow")
        cloud.running.clear_faults()
        again = boot(clone, cloud, again=False)
        assert not cloud.pending()
    assert clone.read("/etc/shadow") == before
    assert again.entries["password"].outcome.value == "clean"


@pytest.mark.parametrize(
    "fault",
    [{"status": 500}, {"hang": True}, {"reset": True}, {"body": b"bad_request"}],
    ids=lambda fault: next(iter(fault)),
)
def test_P16_an_acknowledgement_that_fails_is_remembered_and_made_good(
    clone: CloneTree, fault: dict[str, object]
) -> None:
    with cloudstack(Fault(header=SAVED, **fault)) as cloud:  # type: ignore[arg-type]
        first = boot(clone, cloud, again=False)
        assert cloud.pending()
        assert json.loads(clone.read(STATE))["steps"]["password"]["confirmed"] is False
        cloud.running.clear_faults()
        second = boot(clone, cloud, again=False)
        assert not cloud.pending()
    assert (first.status, second.status) == ("degraded", "done")
    assert password_is(clone, PASSWORD)


def test_P17_an_old_password_that_is_offered_again_is_not_set_again(clone: CloneTree) -> None:
    with cloudstack() as cloud:
        boot(clone, cloud, again=False)
        _choose(clone, b"the user's own")
        cloud.router().set_password(NIC, PASSWORD)
        again = boot(clone, cloud, again=False)
        assert not cloud.pending()
    assert password_is(clone, b"the user's own")
    assert again.asked("saved_password")


def test_P18_a_reset_is_delivered_at_any_boot(clone: CloneTree) -> None:
    with cloudstack() as cloud:
        boot(clone, cloud)
        for number in range(3):
            cloud.router().set_password(NIC, f"reset-number-{number}")
            assert boot(clone, cloud, again=False).status == "done"
            assert password_is(clone, f"reset-number-{number}")
            assert not cloud.pending()


def test_P19_of_two_passwords_the_default_routes_counts_and_the_other_stays(clone: CloneTree) -> None:
    other = replace(WEB, password="of-the-second-router")
    served = {ROUTER: {"*": WEB}, SECOND_ROUTER: {"*": other}}
    with cloudstack(clones=served) as cloud:
        outcome = boot(clone, cloud)
        assert cloud.router(SECOND_ROUTER).pending(NIC)
    assert password_is(clone, PASSWORD)
    assert "offers another password; not set" in outcome.remarks
    assert {exchange.listener[0] for exchange in outcome.asked("saved_password")} == {ROUTER}


def test_P19_the_other_is_not_set_at_a_later_boot_either(clone: CloneTree) -> None:
    other = replace(WEB, password="of-the-second-router")
    with cloudstack(clones={ROUTER: {"*": WEB}, SECOND_ROUTER: {"*": other}}) as cloud:
        boot(clone, cloud, again=False)
        for _ in range(2):
            outcome = boot(clone, cloud, again=False)
            assert "refused before" in outcome.entries["password"].detail
            assert outcome.asked("saved_password") == []
        assert password_is(clone, PASSWORD)
        cloud.router(SECOND_ROUTER).set_password(NIC, "a-reset-there")
        boot(clone, cloud, again=False)
        assert password_is(clone, "a-reset-there")
        assert not cloud.router(SECOND_ROUTER).pending(NIC)


def test_P19_a_router_that_says_none_is_waiting_does_not_keep_back_anothers(clone: CloneTree) -> None:
    """It says the same when it does not know this machine: the default route need not lead to the password."""
    mute = replace(WEB, password=None)
    with cloudstack(clones={ROUTER: {"*": mute}, SECOND_ROUTER: {"*": WEB}}) as cloud:
        boot(clone, cloud)
    assert password_is(clone, PASSWORD)


def test_P20_it_is_asked_for_from_every_address(clone: CloneTree) -> None:
    network = FakeNetwork([interface(NIC, SECOND_NIC)])
    mute = replace(WEB, password=None)
    served = {ROUTER: {NIC: mute, SECOND_NIC: WEB}}
    with cloudstack(clones=served, on=this_machine(network=network)) as cloud:
        outcome = boot(clone, cloud)
    assert password_is(clone, PASSWORD)
    assert {exchange.source for exchange in outcome.asked("send_my_password")} == {NIC, SECOND_NIC}
    assert {exchange.source for exchange in outcome.asked("saved_password")} == {SECOND_NIC}


def test_P21_a_password_that_a_drive_keeps_for_ever_is_set_once(clone: CloneTree) -> None:
    drive = {
        "cloudstack/metadata/instance-id.txt": UUID,
        "cloudstack/metadata/local-hostname.txt": "web",
        "cloudstack/password/vm_password.txt": PASSWORD,
    }
    platform = drive_platform("config-2", drive, firmware=Firmware(uuid=UUID))
    platform.settings = replace(platform.settings, sources="config-drive")
    platform.machine.commands = Commands()
    try:
        first = boot(clone, platform)
        assert password_is(clone, PASSWORD)
        _choose(clone, b"the user's own")
        again = boot(clone, platform, again=False)
    finally:
        platform.close()
    assert (first.status, again.status) == ("done", "done")
    assert "acknowledged" not in first.entries["password"].detail
    assert password_is(clone, b"the user's own")


def test_P22_a_cloud_init_that_may_take_the_password_first_is_told_of(tmp_path: Path) -> None:
    both = {
        "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
        "/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
    }
    clone = sealed_clone(tmp_path / "clone", both)
    with cloudstack() as cloud:
        outcome = boot(clone, cloud)
    assert "cloud-init is enabled here as well" in outcome.said
    assert password_is(clone, PASSWORD)


def test_P23_a_password_that_sshd_would_not_take_is_told_of(clone: CloneTree) -> None:
    """Debian's default, prohibit-password, is what the clone has."""
    with cloudstack() as cloud:
        outcome = boot(clone, cloud)
    assert password_is(clone, PASSWORD)
    assert "PermitRootLogin" in outcome.entries["password"].detail
    assert clone.read("/etc/ssh/sshd_config").startswith("UsePAM yes\n")


def test_P24_of_two_at_the_same_time_one_sets_it(clone: CloneTree, tmp_path: Path) -> None:
    with cloudstack(budget=5.0) as cloud:
        cloud.machine.runtime_directory = str(tmp_path / "run")

        def one() -> str:
            with Root(str(clone.path)) as root:
                made = Boot(root, cloud.machine, cloud.settings, live=False)
                with made.runtime.alone(soon(20)):
                    report = made.network()
            return next(entry.outcome.value for entry in report.entries if entry.name == "password")

        both: Parallel[int, str] = Parallel(Clock())
        for number in range(2):
            both.start(number, one)
        outcomes = [outcome.result() for outcome in both.until(soon(30))]
    assert sorted(outcomes) == ["clean", "done"]
    assert password_is(clone, PASSWORD)


def test_P25_no_core_of_the_stage_that_knows_the_password_is_ever_written(clone: CloneTree) -> None:
    """The rest is what the harness looks through: arguments, environment, log, status, state and all that is said."""
    unit = (PROJECT / "systemd/guestseal-firstboot.service").read_text()
    assert "\nLimitCORE=0\n" in unit
    with cloudstack() as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert PASSWORD not in outcome.said
    assert not [path for path in clone.path.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]


def _choose(clone: CloneTree, password: bytes) -> None:
    """The user changes root's password, as passwd(1) would."""
    made = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=password, capture_output=True, check=True)
    path = clone.path / "etc/shadow"
    first, _, rest = path.read_text().partition("\n")
    name, _, *others = first.split(":")
    path.write_text(":".join((name, made.stdout.decode().strip(), *others)) + "\n" + rest)
