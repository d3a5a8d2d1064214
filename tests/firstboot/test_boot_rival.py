"""cloud-init beside guestseal: who looks at the boot is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.clones import clone_tree, needs_root
from support.machine import FakeClock, FakeNetwork, machine
from support.trees import Entry, File

from guestseal.firstboot.boot import Boot
from guestseal.guest.root import Root
from guestseal.guest.seal_record import SEALED, SealRecord

pytestmark = needs_root

CLOUD_INIT: dict[str, Entry] = {
    "/usr/bin/cloud-init": File("", 0o755),
    "/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
}
DISABLED: dict[str, Entry] = {"/etc/cloud/cloud-init.disabled": File("")}


@pytest.mark.parametrize(
    ("changes", "told"), [(CLOUD_INIT, True), ({**CLOUD_INIT, **DISABLED}, False), ({}, False)], ids=str
)
def test_an_enabled_cloud_init_is_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, changes: dict[str, Entry], told: bool
) -> None:
    record = SealRecord("0a3f6a2e-0000-4000-8000-000000000001", "2024-10-04T00:00:00+00:00", "1", {}, "00" * 16)
    vm = clone_tree(tmp_path / "vm", {**changes, SEALED: File(record.to_json(), 0o600)}, sources="cloudstack")
    own = machine(network=FakeNetwork((), ready=False), clock=FakeClock())
    own.runtime_directory = str(tmp_path / "run")
    with Root(str(vm.path)) as root:
        report = Boot(root, own, vm.settings, live=False).network()
    assert report.facts.get("cloud_init_enabled", False) is told
    assert ("cloud-init is enabled here as well and may take the password first" in caplog.text) is told
