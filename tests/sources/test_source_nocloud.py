"""NoCloud seeds: on drives, in directories, in the firmware; whole, odd and hostile."""

from __future__ import annotations

import gzip
import ipaddress
import json
import sys

import pytest
from firstboot.test_cloud_config import HASH, PROXMOX
from support.machine import machine, soon
from support.media import DrivePlatform, drive_platform, drives_of, write
from support.platforms import KEY, OTHER_KEY, UUID

from guestseal.errors import Absent, Malformed, Unreachable
from guestseal.firstboot.metadata import Metadata, Secret
from guestseal.firstboot.sources import nocloud
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance

META = f"instance-id: {UUID}\nlocal-hostname: web\n"
# As Proxmox writes it (PVE/QemuServer/Cloudinit.pm); afterburn's test fixtures have the same shape.
PROXMOX_NETWORK = """version: 1
config:
    - type: physical
      name: eth0
      mac_address: '02:00:00:00:00:01'
      subnets:
      - type: static
        address: '192.0.2.5'
        netmask: '255.255.255.0'
        gateway: '192.0.2.1'
    - type: nameserver
      address:
      - '192.0.2.53'
      search:
      - 'example.com'
"""


NO_NETWORKS = [
    "[",
    "version: 3\n",
    "version: 2\nbonds: {b: {}}\n",
    "a: &a [*a]\n",
    "version: 2\nethernets: {}\nwifis: {w: {access-points: {x: {password: !!bool s3cret}}}}\n",
    "version: 2\nethernets: {eth0: {mtu: !!int ''}}\n",
]


class Fetch:
    """Reads seeds; directories below ``root`` are where the machine's would be."""

    def __init__(self, top) -> None:
        self.root = top / "root"
        self.root.mkdir()
        self._top = top

    def __call__(self, *drives, serial: str = "", label: str = "CIDATA", **settings: str) -> Metadata:
        made = machine(firmware=Firmware(serial=serial))
        made.media = drives_of(label, self._top / str(len(list(self._top.iterdir()))), *drives)
        made.root_directory = str(self.root)
        source = nocloud.SOURCE(made, Settings(**settings))
        try:
            return source.fetch(soon())
        finally:
            self.attempts = [attempt.address for attempt in source.attempts]


@pytest.fixture
def fetch(tmp_path):
    return Fetch(tmp_path)


def test_a_drive_of_proxmox_is_read(fetch):
    drive = {"meta-data": "instance-id: 4fcf3c3e\n", "user-data": PROXMOX, "network-config": PROXMOX_NETWORK}
    found = fetch(drive)
    assert (found.instance_id, found.hostname, found.address) == ("4fcf3c3e", "web.example.com", "/dev/sr0")
    assert found.ssh_keys == (f"{KEY} me", f"{OTHER_KEY} you")
    assert (found.password, found.password_hash) == (None, Secret(HASH.encode()))
    assert found.network is not None
    assert found.network.links[0].mac == "02:00:00:00:00:01"
    assert found.network.links[0].addresses == (ipaddress.IPv4Interface("192.0.2.5/24"),)
    assert len(found.remarks) == 1
    assert fetch.attempts == ["/dev/sr0"]


def test_meta_data_alone_is_enough(fetch):
    found = fetch({"meta-data": META})
    assert (found.instance_id, found.hostname, found.ssh_keys, found.remarks) == (UUID, "web", None, ())


def test_the_name_in_user_data_comes_before_the_one_in_meta_data(fetch):
    assert fetch({"meta-data": META, "user-data": "#cloud-config\nhostname: db\n"}).hostname == "db"


@pytest.mark.parametrize(
    "keys", [f"'{KEY}'", f"['{KEY}']", f"{{mine: '{KEY}'}}", f"{{mine: ['{KEY}']}}", f"|\n  # mine\n\n  {KEY}\n"]
)
def test_keys_in_meta_data_come_in_many_shapes(fetch, keys):
    assert fetch({"meta-data": f"{META}public-keys: {keys}\n"}).ssh_keys == (KEY,)


def test_keys_of_both_documents_are_for_the_account(fetch):
    user = f"#cloud-config\nssh_authorized_keys: ['{OTHER_KEY}', '{KEY}']\n"
    assert fetch({"meta-data": f"{META}public-keys: ['{KEY}']\n", "user-data": user}).ssh_keys == (KEY, OTHER_KEY)


def test_an_instance_id_of_digits_stays_what_it_is(fetch):
    assert fetch({"meta-data": "instance-id: 0123\n"}).instance_id == "0123"


def test_a_seed_directory_comes_before_a_drive(fetch):
    write(fetch.root / nocloud.SEEDS[1][1:], {"meta-data": "instance-id: second\n"})
    assert fetch({"meta-data": META}).instance_id == "second"
    write(fetch.root / nocloud.SEEDS[0][1:], {"user-data": "#cloud-config\n", "meta-data": "instance-id: first\n"})
    found = fetch({"meta-data": META})
    assert (found.instance_id, found.address) == ("first", nocloud.SEEDS[0])
    assert fetch.attempts == [nocloud.SEEDS[0]]


@pytest.mark.parametrize(
    "serial", [f"ds=nocloud;h=db;i={UUID}", f"ds=nocloud-net;i={UUID};h=db", f"ds=nocloud;h=db;instance-id={UUID} x"]
)
def test_the_firmware_comes_before_the_seed_and_can_be_all_there_is(fetch, serial):
    found = fetch({"meta-data": "instance-id: other\nlocal-hostname: web\n"}, serial=serial)
    assert (found.instance_id, found.hostname) == (UUID, "db")
    found = fetch(serial=serial)
    assert (found.instance_id, found.hostname, found.address) == (UUID, "db", nocloud.FIRMWARE)


@pytest.mark.parametrize(
    "serial", ["", "4C4C4544", "xds=nocloud;i=a", "ds=nocloudy;i=a", "ds=nocloud", "ds=nocloud;h=web"]
)
def test_without_a_seed_it_is_absent(fetch, serial):
    with pytest.raises(Absent, match="cidata"):
        fetch(serial=serial)


def test_a_seed_elsewhere_is_not_fetched_and_said(fetch):
    found = fetch({"meta-data": META}, serial="ds=nocloud;s=http://192.0.2.1/evil/")
    assert found.instance_id == UUID
    assert found.remarks == ("the firmware names a seed elsewhere (s=): it is not fetched",)
    with pytest.raises(Absent):
        fetch(serial="ds=nocloud;s=http://192.0.2.1/evil/")


def test_a_seed_without_an_instance_id_is_known_by_its_contents(fetch):
    one, same = fetch({"meta-data": "local-hostname: web\n"}), fetch({"meta-data": "local-hostname: web\n"})
    other = fetch({"meta-data": "local-hostname: web\n", "user-data": "#cloud-config\n"})
    assert one.instance_id == same.instance_id != other.instance_id
    assert one.instance_id.startswith("seed-")
    assert any("no instance-id" in remark for remark in one.remarks)


def test_user_data_is_handed_on_only_when_it_is_wanted_and_unpacked(fetch):
    drive = {"meta-data": META, "user-data": gzip.compress(b"#cloud-config\nhostname: db\n")}
    assert fetch(drive).user_data is None
    found = fetch(drive, user_data="keep")
    assert (found.user_data, found.hostname) == (b"#cloud-config\nhostname: db\n", "db")


def test_user_data_that_unpacks_to_gigabytes_is_a_remark(fetch):
    bomb = gzip.compress(b"#cloud-config\nhostname: db\n" + bytes(64 << 20))
    found = fetch({"meta-data": META, "user-data": bomb}, user_data="keep")
    assert (found.user_data, found.hostname, len(found.remarks)) == (None, "web", 1)


def test_keys_for_another_account_are_not_taken(fetch):
    drive = {"meta-data": META, "user-data": PROXMOX.replace("user: root", "user: ada")}
    assert (fetch(drive).ssh_keys, fetch(drive).password_hash) == (None, None)
    assert len(fetch(drive, account="ada").ssh_keys or ()) == 2


@pytest.mark.parametrize("text", NO_NETWORKS)
def test_a_network_that_cannot_be_used_costs_only_the_network(fetch, text):
    found = fetch({"meta-data": META, "user-data": "#cloud-config\npassword: wanted\n", "network-config": text})
    assert (found.hostname, found.password, found.network) == ("web", Secret(b"wanted"), None)
    assert len(found.remarks) == 1 and "s3cret" not in found.remarks[0]


@pytest.mark.parametrize(
    ("drive", "error"),
    [
        ({"meta-data": "["}, Malformed),
        ({"meta-data": "- a\n"}, Malformed),
        ({"meta-data": "a: &a [*a]\n"}, Malformed),
        ({"meta-data": "x: " + "y" * (2 << 20)}, Malformed),
        ({"meta-data": "instance-id: ../../etc\n"}, Malformed),
        ({"meta-data": b"a: \xff"}, Malformed),
        ({"meta-data/deeper": "x"}, Malformed),
        ({"meta-data": META, "network-config": "x" * (65 << 10)}, Malformed),
        ({"other": "x"}, Malformed),
        (None, Unreachable),
    ],
)
def test_a_seed_that_is_not_believed_is_an_error_of_its_kind(fetch, drive, error):
    with pytest.raises(error):
        fetch(drive)
    assert fetch.attempts == ["/dev/sr0"]


def test_without_pyyaml_json_is_read_and_yaml_says_what_is_missing(fetch, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    document = json.dumps({"instance-id": UUID, "local-hostname": "web"})
    found = fetch({"meta-data": document, "user-data": PROXMOX, "network-config": PROXMOX_NETWORK})
    assert (found.instance_id, found.hostname, found.ssh_keys) == (UUID, "web", None)
    assert len([remark for remark in found.remarks if "python3-yaml" in remark]) == 2
    with pytest.raises(Malformed, match="python3-yaml"):
        fetch({"meta-data": META})


def platform(instance: Instance, *faults: Fault) -> DrivePlatform:
    """How to simulate it, for the conformance tests."""
    config = {"hostname": instance.hostname, "password": instance.password, "ssh_authorized_keys": instance.ssh_keys}
    files = {
        "meta-data": f"instance-id: {instance.instance_id}\n",
        "user-data": f"#cloud-config\n{json.dumps(config)}\n",
    }
    return drive_platform("cidata", files)
