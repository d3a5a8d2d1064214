"""A clone that its platform speaks to by a drive: a CD of CloudStack, and a FAT disk as Proxmox makes one.

The drives are made by the programs that the platforms use, and read by a Debian's own kernel
and units, which no test outside of a machine has.
"""

from __future__ import annotations

import json
import logging
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import vm
from support.debian import guestseal, run
from support.disk import clone
from support.media import write

pytestmark = pytest.mark.vm

LOG = logging.getLogger("guestseal.vm")
PASSWORD = "Platform-Pass-2"
IDENTITY = uuid.UUID("6a1c9a8a-0000-4000-8000-000000000007")
CONFIGURATION = "[firstboot]\nsources = config-drive, nocloud\n"
STATUS = "/run/guestseal/status.json"


@dataclass(frozen=True)
class Template:
    """A sealed disk, the directory that machines are run in, and the public key that opens its clones."""

    disk: Path
    directory: Path

    @property
    def key(self) -> str:
        return (self.directory / "key.pub").read_text().strip()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """A Debian that asks drives, sealed while it is off; a key of its master's opens none of its clones."""
    directory = tmp_path_factory.mktemp("media")
    for name in ("master", "key"):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", directory / name)
    disk = vm.make_master(directory, directory / "master")
    try:
        _seal(disk, directory / "mounted")
        yield Template(disk, directory)
    finally:
        disk.unlink(missing_ok=True)


def test_a_clone_takes_all_that_cloudstacks_cd_says(template: Template) -> None:
    files = {
        "cloudstack/metadata/instance-id.txt": str(IDENTITY),
        "cloudstack/metadata/vm-id.txt": "42",
        "cloudstack/metadata/local-hostname.txt": "web-cd",
        "cloudstack/metadata/public-keys.txt": template.key,
        "cloudstack/password/vm_password.txt": PASSWORD,
        "openstack/latest/meta_data.json": json.dumps({"uuid": "42", "hostname": "web-cd"}),
        "openstack/latest/network_data.json": "{}",
        "openstack/latest/vendor_data.json": "{}",
    }
    image = template.directory / "config.iso"
    # ConfigDriveBuilder.java, generateAndRetrieveIsoAsBase64Iso.
    options = [
        "-ldots",
        "-allow-lowercase",
        "-allow-multidot",
        "-cache-inodes",
        "-l",
        "-quiet",
        "-J",
        "-r",
        "-V",
        "config-2",
    ]
    run("genisoimage", "-o", image, *options, write(template.directory / "iso", files))
    devices = ["-device", "virtio-scsi-pci", "-device", "scsi-cd,drive=cd"]
    devices += ["-drive", f"if=none,id=cd,media=cdrom,readonly=on,format=raw,file={image}"]
    status = _booted(template, "web-cd", devices)
    assert (status["source"], status["address"], status["instance_id"]) == ("config-drive", "/dev/sr0", str(IDENTITY))


def test_a_clone_takes_all_that_a_fat_disk_of_proxmox_says(template: Template) -> None:
    hashed = run("openssl", "passwd", "-6", "-stdin", input=f"{PASSWORD}\n").stdout.strip()
    config = [
        "#cloud-config",
        "hostname: web-fat",
        "manage_etc_hosts: true",
        "fqdn: web-fat.example.com",
        "user: root",
        "disable_root: False",
        f"password: {hashed}",
        f"ssh_authorized_keys:\n  - {template.key}",
        "chpasswd:\n  expire: False",
        "users:\n  - default",
        "package_upgrade: true",
    ]
    files = {"meta-data": "instance-id: 4fcf3c3e9d0b\n", "user-data": "\n".join(config) + "\n"}
    image = template.directory / "seed.img"
    run("truncate", "-s", "4M", image)
    run("mkfs.vfat", "-n", "cidata", image)
    run("mcopy", "-i", image, *write(template.directory / "fat", files).iterdir(), "::")
    devices = ["-drive", f"if=virtio,readonly=on,format=raw,file={image}"]
    status = _booted(template, "web-fat", devices)
    assert (status["source"], status["address"], status["instance_id"]) == ("nocloud", "/dev/vdb", "4fcf3c3e9d0b")


def _seal(disk: Path, point: Path) -> None:
    """Configure the guest and seal it."""
    point.mkdir()
    run("mount", "-o", "loop", disk, point)
    try:
        (point / "etc/guestseal").mkdir(exist_ok=True)
        (point / "etc/guestseal/guestseal.conf").write_text(CONFIGURATION)
        guestseal("seal", "--yes", "--root", point)
    finally:
        run("umount", point)


def _booted(template: Template, name: str, devices: list[str]) -> Mapping[str, str]:
    """The status of a clone with these devices that has its name, key and password; then it is off."""
    image = template.directory / f"{name}.qcow2"
    clone(template.disk, image)
    hardware = vm.Hardware(IDENTITY, tuple(devices))
    try:
        with vm.VirtualMachine(
            image, template.directory, name=name, image_format="qcow2", hardware=hardware
        ) as machine:
            machine.expect(f"{name} login: ")
            machine.log_in(PASSWORD)
            machine.wait_for_ssh()
            status: Mapping[str, str] = json.loads(_told(machine, f"cat {STATUS}"))
            LOG.info("%s: %s", name, json.dumps(status, indent=1))
            assert _told(machine, "cat /etc/hostname").strip() == name
            assert "/dev/sr0" not in _told(machine, "cat /proc/self/mountinfo")
            assert "/dev/vdb" not in _told(machine, "cat /proc/self/mountinfo")
            machine.press_power_button()
            assert machine.wait_until_off() == "guest-shutdown"
    finally:
        image.unlink(missing_ok=True)
    return status


def _told(machine: vm.VirtualMachine, command: str) -> str:
    done: subprocess.CompletedProcess[str] = machine.ssh(command)
    assert done.returncode == 0, done.stderr
    return done.stdout
