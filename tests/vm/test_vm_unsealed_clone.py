"""A machine with the package that is copied without being sealed, in real virtual machines with UUIDs of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import vm
from support.debian import run
from support.disk import Ext4

pytestmark = pytest.mark.vm

HARDWARE = "/var/lib/guestseal/hardware.json"
HOST_KEY = "/etc/ssh/ssh_host_ed25519_key"
LOGIN = f"{vm.HOSTNAME} login: "


def test_an_unsealed_clone_is_told_so_and_personalised_when_that_is_wanted(tmp_path: Path) -> None:
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key")
    disk = vm.make_master(tmp_path, tmp_path / "key")
    # Each of these machines has another UUID, so each boot after the first is a clone's.
    with vm.VirtualMachine(disk, tmp_path, name="master") as machine:
        machine.expect(LOGIN)
        assert "never sealed" not in machine.output
        _power_off(machine)
    masters, remembered = Ext4(disk).read(HOST_KEY), Ext4(disk).read(HARDWARE)
    assert masters
    assert remembered

    with vm.VirtualMachine(disk, tmp_path, name="warned") as machine:
        machine.expect("never sealed")
        machine.expect(LOGIN)
        machine.log_in()
        assert "warning: seal the template" in machine.type("guestseal status; echo status $?")
        machine.type("mkdir -p /etc/guestseal; sync")
        machine.type("printf '[firstboot]\\nunsealed-clone = personalise\\n' > /etc/guestseal/guestseal.conf; sync")
        _power_off(machine)
    assert (Ext4(disk).read(HOST_KEY), Ext4(disk).read(HARDWARE)) == (masters, remembered)

    with vm.VirtualMachine(disk, tmp_path, name="personalised") as machine:
        machine.expect("personalised as if it had been")
        machine.expect("END SSH HOST KEY FINGERPRINTS")
        machine.expect(LOGIN)
        _power_off(machine)
    own = Ext4(disk).read(HOST_KEY)
    assert own
    assert own != masters
    assert Ext4(disk).read(HARDWARE) != remembered
    disk.unlink()


def _power_off(machine: vm.VirtualMachine) -> None:
    machine.press_power_button()
    assert machine.wait_until_off() == "guest-shutdown"
