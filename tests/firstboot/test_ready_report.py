"""The report to a platform that waits for it: once a clone, when all is in place, and again until it was taken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from sources.test_source_azure_iso import ON_AZURE, disc
from support.clones import CloneTree, needs_root
from support.clouds import Cloud, ec2, this_machine
from support.first_boot import STATE, Outcome, boot, is_web, sealed_clone
from support.machine import FakeNetwork
from support.media import drives_of
from support.platforms import KEY, OTHER_KEY, PASSWORD, UUID, WEB

from guestseal.firstboot.discovery import NAMELESS
from guestseal.firstboot.runner import REPORT
from guestseal.firstboot.state import load_state
from guestseal.firstboot.wire_server import GOAL_STATE, HEALTH, SERVICE
from guestseal.guest.root import Root
from guestseal.report import Outcome as Became
from guestseal.settings import Settings
from guestseal.simulate.azure import Azure
from guestseal.simulate.faults import Fault
from guestseal.simulate.server import Simulator

pytestmark = needs_root

PROJECT = Path(__file__).resolve().parents[2]
DISC = disc((f"{KEY} me", f"{OTHER_KEY} you"), HostName="web", UserName="azureuser", UserPassword=PASSWORD)
EVIL_PASSWORD = "Ev1l: an intruder"


class AzureCloud:
    """IMDS and the wire server of one VM, which may have a provisioning disc."""

    def __init__(self, place: Path, *faults: Fault, sources: str = "azure", with_disc: bool = False) -> None:
        self.service = Azure({"*": WEB})
        self.simulator = Simulator({("127.0.0.71", 0): self.service}, faults).start()
        url = self.simulator.url_of(self.service)
        machine = this_machine(vendor=ON_AZURE.vendor, chassis_tag=ON_AZURE.chassis_tag)
        machine.media = drives_of("rd_rdfe", place, *([DISC] if with_disc else []))  # type: ignore[assignment]
        settings = Settings(sources=sources, endpoints=(("azure", url), (SERVICE, url)))
        self.cloud = Cloud(settings, self.simulator, machine=machine)

    @property
    def ready(self) -> list[tuple[str, str]]:
        """The reports that were taken."""
        return self.service.wire_server.states


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[object]:
    with ExitStack() as stack:

        def start(*faults: Fault, **options: object) -> AzureCloud:
            made = AzureCloud(tmp_path / f"drives{os.urandom(4).hex()}", *faults, **options)  # type: ignore[arg-type]
            stack.callback(made.cloud.close)
            return made

        yield start


@pytest.fixture
def clone(tmp_path: Path) -> CloneTree:
    return sealed_clone(tmp_path / "clone")


def reports(outcome: Outcome) -> list[str]:
    """What the wire server was told during this boot, whatever it made of it."""
    return [f"{each.method} {each.target}" for each in outcome.journal if each.target == HEALTH]


def knows(tree: CloneTree) -> bool:
    with Root(str(tree.path)) as root:
        state = load_state(root, "seal-1")
    assert state.finished
    return state.reported


def test_a_first_boot_ends_with_one_report_and_a_later_one_makes_none(clone, azure):
    made = azure()
    outcome = boot(clone, made.cloud)
    assert (outcome.status, made.ready) == ("done", [(UUID, "Ready")])
    assert reports(outcome) == [f"POST {HEALTH}"]
    assert outcome.targets[-2:] == [f"GET {GOAL_STATE}", f"POST {HEALTH}"]
    assert (outcome.entries[REPORT].outcome, outcome.entries[REPORT].detail) == (Became.DONE, "told azure")
    assert reports(outcome.again) == []
    assert REPORT not in outcome.again.entries
    assert knows(clone)
    assert is_web(clone, with_password=False)


def test_keys_and_password_are_on_disk_when_it_is_made(clone, azure):
    made = azure(sources="azure,azure-iso", with_disc=True)
    seen = []
    answer = made.service.wire_server.answer

    def look(request):
        seen.append(is_web(clone, with_password=True))
        return answer(request)

    made.service.wire_server.answer = look
    assert boot(clone, made.cloud, again=False).status == "done"
    assert seen == [True, True]


def test_a_clone_that_lacks_something_does_not_report(clone, azure):
    made = azure(Fault(path="/metadata/*", status=503))
    outcome = boot(clone, made.cloud, budget=0.6)
    assert (outcome.status, made.ready, reports(outcome)) == ("degraded", [], [])


def test_a_step_that_fails_keeps_it_back(clone, azure):
    made = azure()
    keys = clone.path / "root/.ssh/authorized_keys"
    keys.mkdir(parents=True)
    outcome = boot(clone, made.cloud, again=False)
    assert (outcome.status, made.ready) == ("error", [])
    keys.rmdir()
    assert boot(clone, made.cloud).status == "done"
    assert made.ready == [(UUID, "Ready")]


FAULTS: dict[str, Sequence[Fault]] = {
    "refuses the goal state": (Fault(path=GOAL_STATE, status=503),),
    "refuses the report": (Fault(path=HEALTH, status=400),),
    "hangs": (Fault(path="/machine*", hang=True),),
    "hangs after it took the report": (Fault(path=HEALTH, hang=True, acts=True),),
    "resets the connection": (Fault(path="/machine*", reset=True),),
    "sends garbage": (Fault(path=GOAL_STATE, raw=bytes(range(256)) * 8),),
    "sends entities": (Fault(path=GOAL_STATE, status=200, body=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),),
    "sends a login page": (Fault(path="/machine*", status=200, body=b"<html><body>log in</body></html>"),),
    "sends a goal state without end": (Fault(path=GOAL_STATE, body_size=10 << 30),),
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_what_the_wire_server_does_not_take_is_told_again_and_not_once_more_than_that(clone, azure, faults):
    made = azure(*faults)
    outcome = boot(clone, made.cloud, budget=1.0)
    assert outcome.status == "degraded"
    assert outcome.entries[REPORT].outcome is Became.SKIPPED
    assert outcome.entries[REPORT].detail.startswith("not told yet: ")
    assert is_web(clone, with_password=False)
    assert not knows(clone)
    made.simulator.clear_faults()
    made.ready.clear()
    outcome = boot(clone, made.cloud)
    assert (outcome.status, made.ready, knows(clone)) == ("done", [(UUID, "Ready")], True)
    assert reports(outcome.again) == []


def test_a_retry_on_the_same_boot_tells_it_alone(clone, azure):
    made = azure(Fault(path="/machine*", status=503, times=1))
    assert boot(clone, made.cloud, again=False).status == "degraded"
    outcome = boot(clone, made.cloud, stages=["network"], again=False)
    assert (outcome.status, reports(outcome), made.ready) == ("done", [f"POST {HEALTH}"], [(UUID, "Ready")])
    assert outcome.changed == {STATE}


def test_a_bug_of_the_report_is_not_one_of_the_boot(clone, azure, caplog):
    def fail(name: str) -> list[str]:
        raise ZeroDivisionError(name)

    made = azure()
    made.cloud.machine.network = FakeNetwork(lookup=fail)
    (imds, _) = made.cloud.settings.endpoints
    made.cloud.settings = replace(made.cloud.settings, endpoints=(imds, (SERVICE, "http://wire.test")))
    outcome = boot(clone, made.cloud)
    assert (outcome.status, made.ready, knows(clone)) == ("degraded", [], False)
    assert "ZeroDivisionError" in caplog.text


def test_a_disc_alone_is_enough_and_the_wire_server_is_told(clone, azure):
    made = azure(sources="azure-iso", with_disc=True)
    outcome = boot(clone, made.cloud, again=False)
    assert (outcome.status, made.ready) == ("done", [(UUID, "Ready")])
    assert is_web(clone, with_password=True)
    assert not [each for each in outcome.journal if each.target.startswith("/metadata")]


def test_what_is_owed_is_told_also_when_the_disc_is_gone(clone, azure):
    made = azure(Fault(path="/machine*", status=503), sources="azure-iso", with_disc=True)
    assert boot(clone, made.cloud, again=False).status == "degraded"
    for with_disc in (True, False):
        later = azure(Fault(path="/machine*", status=503), sources="azure-iso", with_disc=with_disc)
        assert boot(clone, later.cloud, budget=0.6, again=False).status == "degraded"
        later.simulator.clear_faults()
    outcome = boot(clone, later.cloud, budget=0.6)
    assert (outcome.status, later.ready, knows(clone)) == ("done", [(UUID, "Ready")], True)
    assert outcome.again.journal == ()


def test_a_disc_on_a_later_boot_is_not_believed(clone, azure):
    made = azure(sources="azure,azure-iso", with_disc=True)
    assert boot(clone, made.cloud, again=False).status == "done"
    evil = disc((), HostName="evil", UserName="root", UserPassword=EVIL_PASSWORD)
    made.cloud.machine.media = drives_of("rd_rdfe", clone.path.parent / "evil", evil)
    made.cloud.secrets = (EVIL_PASSWORD,)
    for sources, status in (("azure-iso", "done"), ("azure,azure-iso", "done")):
        made.cloud.settings = replace(made.cloud.settings, sources=sources)
        outcome = boot(clone, made.cloud, budget=0.8)
        assert outcome.status == status
        assert outcome.answers.get("/dev/sr0", NAMELESS) == NAMELESS
        assert is_web(clone, with_password=True)
    assert made.ready == [(UUID, "Ready")]


def test_imds_and_the_disc_complete_each_other(clone, azure):
    made = azure(sources="azure,azure-iso", with_disc=True)
    outcome = boot(clone, made.cloud, again=False)
    assert (outcome.status, outcome.facts["source"]) == ("done", "azure")
    assert is_web(clone, with_password=True)
    assert made.ready == [(UUID, "Ready")]


def test_a_platform_that_waits_for_nothing_is_told_nothing(clone):
    with ec2() as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert REPORT not in outcome.entries
    assert not [each for each in outcome.journal if each.method == "POST"]


def test_the_command_that_is_the_platform_shows_the_report(clone, tmp_path):
    file = tmp_path / "instances.json"
    file.write_text(f'{{"*": {{"instance_id": "{UUID}", "hostname": "web"}}}}')
    words = [sys.executable, "-m", "guestseal", "simulate", "--source", "azure", "--listen", "127.0.0.72", str(file)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(PROJECT)})
    try:
        url = process.stdout.readline().decode().split()[-1].rstrip("/")
        settings = Settings(sources="azure", endpoints=(("azure", url), (SERVICE, url)))
        assert boot(clone, Cloud(settings, machine=this_machine())).status == "done"
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=20)[0].decode()
    finally:
        process.kill()
    assert said.count(f"POST {HEALTH} -> 200") == 1
