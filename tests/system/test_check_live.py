"""The check in a booted template master, in the sealed image, and in a booted clone of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.containers import CLONE, Container, network
from support.debian import base, dirty, guestseal, install, run, view

pytestmark = pytest.mark.system

MAC = "52:54:00:77:00:0b"
MASTER_PROBE = """
guestseal check --format json > /probe/live; echo $? > /probe/status
guestseal check --remember /run/known.json && cp /run/known.json /probe/known
guestseal seal --yes --force --poweroff
sleep 60
"""
CLONE_PROBE = """
echo clone-of-it > /etc/hostname
look() { guestseal check --clone --only clone --format json > /probe/$1; echo $? > /probe/$1.status; }
look own
cp -a /etc/machine-id /probe/machine-id; cat /probe/master-id > /etc/machine-id; look same-machine-id
cat /probe/machine-id > /etc/machine-id
cp /probe/master-key.pub /etc/ssh/ssh_host_ed25519_key.pub; look same-host-key
systemctl --no-block poweroff
"""
UNIT = """[Unit]
After=multi-user.target ssh.service guestseal-firstboot.service
[Service]
Type=oneshot
ExecStart=/bin/sh /probe/{}
[Install]
WantedBy=graphical.target
"""
# Only the running machine has this address and this card: no file of the guest says so but this one.
APPLICATION = f"listen = {CLONE}:8080\nlicence = {MAC.upper().replace(':', '-')}\n"


@dataclass(frozen=True)
class Boots:
    """What the probes of the master and of its clone wrote, and the sealed image between them."""

    master: Path
    sealed: dict[str, Any]
    clone: Path

    def said(self, name: str) -> tuple[int, dict[str, Any]]:
        """The exit status and the report of one look at the clone."""
        report: dict[str, Any] = json.loads((self.clone / name).read_text())
        return int((self.clone / f"{name}.status").read_text()), report


@pytest.fixture(scope="module")
def boots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Boots]:
    """A master that is checked and sealed while it runs, its image checked from outside, and a clone of it."""
    with view(base("bookworm"), tmp_path_factory.mktemp("master")) as tree:
        install(tree)
        dirty(tree)
        _prepare(tree)
        with network() as (_, namespace):
            run("ip", "-n", namespace, "address", "add", f"{CLONE}/24", "dev", "eth0")
            run("ip", "-n", namespace, "link", "set", "eth0", "up")
            with Container(tree, namespace=namespace) as box:
                box.wait()
        noted = tmp_path_factory.mktemp("noted")
        shutil.copytree(tree / "probe", noted, dirs_exist_ok=True)
        words = ("--recall", noted / "known", "--only", "leftovers,residue", "--format", "json")
        sealed = json.loads(guestseal("--root", tree, "check", *words, accept=(1,)).stdout)
        with view(tree, tmp_path_factory.mktemp("clone")) as clone:
            _probe(clone, CLONE_PROBE)
            with Container(clone) as box:
                box.wait()
            yield Boots(noted, sealed, clone / "probe")


def _prepare(tree: Path) -> None:
    (tree / "probe").mkdir()
    shutil.copy(tree / "etc/ssh/ssh_host_ed25519_key.pub", tree / "probe/master-key.pub")
    shutil.copy(tree / "etc/machine-id", tree / "probe/master-id")
    (tree / "opt/shop").mkdir(parents=True)
    (tree / "opt/shop/shop.conf").write_text(APPLICATION)
    (tree / "etc/guestseal").mkdir(exist_ok=True)
    (tree / "etc/guestseal/guestseal.conf").write_text("[firstboot]\nbudget = 1\n")
    (tree / "etc/systemd/system/broken.service").write_text(
        "[Service]\nExecStart=/bin/false\n[Install]\nWantedBy=multi-user.target\n"
    )
    run("systemctl", "--root", tree, "enable", "broken.service")
    _probe(tree, MASTER_PROBE)


def _probe(tree: Path, script: str) -> None:
    (tree / "probe/script").write_text(script)
    (tree / "etc/systemd/system/probe.service").write_text(UNIT.format("script"))
    run("systemctl", "--root", tree, "enable", "probe.service")


def _entries(report: dict[str, Any], section: str) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in report["entries"] if entry["section"] == section}


def _places(entry: dict[str, Any]) -> set[tuple[str, int]]:
    return {(finding["path"], finding.get("line", 0)) for finding in entry["findings"]}


def test_the_running_machine_is_known_by_what_no_file_says(boots: Boots) -> None:
    live = json.loads((boots.master / "live").read_text())
    assert (boots.master / "status").read_text() == "1\n"
    residue = _entries(live, "residue")
    assert ("/opt/shop/shop.conf", 1) in _places(residue["ip-address"])
    assert ("/opt/shop/shop.conf", 2) in _places(residue["mac-address"])
    assert CLONE not in json.dumps(live)
    assert {"ssh-host-keys", "machine-id"} <= {
        name for name, entry in _entries(live, "leftovers").items() if entry["status"] == "left"
    }


def test_a_unit_that_failed_is_named_and_the_kernels_own_filesystems_are_not(boots: Boots) -> None:
    live = json.loads((boots.master / "live").read_text())
    failed = _entries(live, "readiness")["failed-units"]
    assert failed["status"] == "warned"
    assert any("broken.service" in finding["what"] for finding in failed["findings"])
    assert not [warning for warning in live["warnings"] if "not entered" in warning]


def test_what_was_remembered_is_found_in_the_sealed_image_and_nothing_else(boots: Boots) -> None:
    assert MAC in (boots.master / "known").read_text()
    assert not [entry for entry in _entries(boots.sealed, "leftovers").values() if entry["status"] == "left"]
    found = {name: _places(entry) for name, entry in _entries(boots.sealed, "residue").items() if entry["findings"]}
    assert found == {"ip-address": {("/opt/shop/shop.conf", 1)}, "mac-address": {("/opt/shop/shop.conf", 2)}}


def test_a_clone_that_made_itself_another_machine_passes(boots: Boots) -> None:
    status, report = boots.said("own")
    assert (status, report["msg"]) == (0, "reset: nothing of the template's identity is in this clone")
    outcomes = {name: entry["status"] for name, entry in _entries(report, "clone").items()}
    assert {outcomes[name] for name in ("machine-id", "host-key-ed25519", "hostname")} == {"passed"}


@pytest.mark.parametrize(("look", "name"), [("same-machine-id", "machine-id"), ("same-host-key", "host-key-ed25519")])
def test_one_value_of_the_templates_fails_a_clone_and_is_named(boots: Boots, look: str, name: str) -> None:
    status, report = boots.said(look)
    assert status == 1
    assert [each for each, entry in _entries(report, "clone").items() if entry["status"] == "failed"] == [name]
    assert report["msg"] == f"NOT reset: {name}"
