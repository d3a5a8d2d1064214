"""Names of disks: which of them are true of a clone's disk."""

from __future__ import annotations

import pytest

from guestseal.guest.boot.device_names import identifier, is_device, unsteady


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("UUID=1-2", ("UUID", "1-2")),
        ('LABEL="my data"', ("LABEL", "my data")),
        ("PARTUUID='a-01'", ("PARTUUID", "a-01")),
        ("/dev/disk/by-uuid/1-2", ("UUID", "1-2")),
        ("/dev/disk/by-label/my\\x20data", ("LABEL", "my data")),
        ("/dev/disk/by-partlabel/root", ("PARTLABEL", "root")),
        ("/dev/sda1", None),
        ("ID=ata-QEMU", None),
        ("server:/export?UUID=1", None),
        ("/dev/disk/by-label/", None),
    ],
)
def test_what_is_on_the_disk_names_it(name: str, tag: tuple[str, str] | None) -> None:
    assert identifier(name) == tag


@pytest.mark.parametrize(
    "name", ["/dev/sda", "/dev/sdaa12", "/dev/vda1", "/dev/xvdf", "/dev/hda3", "/dev/nvme0n1p2", "/dev/mmcblk0p1"]
)
def test_the_kernels_names_are_of_this_machine(name: str) -> None:
    assert "kernel" in unsteady(name)


@pytest.mark.parametrize("name", ["/dev/disk/by-id/ata-QEMU_1", "/dev/disk/by-path/pci-0000:00:05.0", "ID=wwn-0x5000"])
def test_serial_numbers_and_places_are_of_this_machine(name: str) -> None:
    assert "serial" in unsteady(name)


@pytest.mark.parametrize(
    "name",
    [
        *("UUID=1", "LABEL=sda1", "/dev/mapper/rl-root", "/dev/rl/root", "/dev/md0", "/dev/disk/by-uuid/1", "/dev/sr0"),
        *("/dev/disk/by-id/dm-name-rl-root", "/dev/disk/by-id/md-uuid-1", "/dev/disk/by-id/lvm-pv-uuid-1", "/dev/root"),
        *("/dev/loop0", "/dev/dm-0", "tmpfs", "server:/dev/sda1", "/srv/dev/sda1"),
    ],
)
def test_others_are_true_of_a_clone_too(name: str) -> None:
    assert unsteady(name) == ""


def test_directories_and_servers_are_no_devices() -> None:
    assert [name for name in ("UUID=1", "/dev/sda", "/srv", "server:/x", "tmpfs", "none") if is_device(name)] == [
        "UUID=1",
        "/dev/sda",
    ]
