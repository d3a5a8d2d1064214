"""Where /run or the disk takes nothing more: what can be done is done, and what cannot is told."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.clones import needs_root
from support.clouds import Cloud, cloudstack, nobody_but
from support.first_boot import is_web, sealed_clone

from guestseal.firstboot.boot import Boot
from guestseal.guest.root import Root
from guestseal.machine.runtime import STATUS, Runtime
from guestseal.report import Report
from guestseal.simulate.faults import Fault

pytestmark = needs_root


def network_stage(tree: Path, run: Path, cloud: Cloud) -> Report:
    cloud.machine.runtime_directory, cloud.machine.root_directory = str(run), str(tree)
    settings = replace(nobody_but(cloud), budget=1.5, later_budget=1.5)
    with Root(str(tree)) as root:
        boot = Boot(root, cloud.machine, settings, live=False)
        boot.local()
        return boot.network()


def test_a_full_run_costs_only_what_would_be_told(tmp_path: Path) -> None:
    clone, run = sealed_clone(tmp_path / "clone"), tmp_path / "run"

    def personalise() -> str:
        run.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "none", run], check=True, timeout=10)
        (run / "full").write_bytes(b"x" * 4096)
        with cloudstack() as cloud:
            report = network_stage(clone.path, run, cloud)
        return json.dumps([report.facts["status"], is_web(clone, with_password=True), len(list(run.iterdir()))])

    status, is_personalised, files = json.loads(in_child(personalise, namespaces=NEW_MOUNTS))
    assert (status, is_personalised) == ("done", True)
    assert files <= 2, "what could not be written whole is left behind"  # that which fills it, and the lock


@pytest.mark.parametrize("password_is_away", [True, False])
def test_a_disk_that_cannot_remember_the_end_of_a_first_boot_is_told_of(tmp_path: Path, password_is_away: bool) -> None:
    def personalise() -> str:
        disk, run = tmp_path / "disk", tmp_path / "run"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "none", disk], check=True, timeout=10)
        clone = sealed_clone(disk / "clone")
        with cloudstack() as cloud:
            assert cloud.routers is not None
            if password_is_away:
                cloud.running.add_fault(Fault(port=cloud.routers.password_port, status=500))
                assert network_stage(clone.path, run, cloud).facts["status"] == "degraded"
                cloud.running.clear_faults()
                cloud.running.add_fault(Fault(port=cloud.routers.password_port, body=b"saved_password\n", status=200))
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True, timeout=10)
            report = network_stage(clone.path, run, cloud)
        told = Runtime(str(run)).read(STATUS) or {}
        return json.dumps([report.facts["status"], told["status"]])

    status, told = json.loads(in_child(personalise, namespaces=NEW_MOUNTS))
    assert status == told == ("degraded" if password_is_away else "error")
