"""Config drives of OpenStack and CloudStack, whole, odd, unreadable and hostile."""

from __future__ import annotations

import ipaddress
import json

import pytest
from support.machine import FakeCommands, machine, soon
from support.media import DrivePlatform, drive_platform, drives_of
from support.platforms import KEY, OTHER_KEY, PASSWORD, UUID, WEB

from guestseal.errors import Absent, Malformed, SourceError, Unreachable
from guestseal.firstboot.metadata import Metadata, Secret
from guestseal.firstboot.sources.config_drive import SOURCE
from guestseal.machine.firmware import Firmware, swapped
from guestseal.machine.media import Media
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance

META = "openstack/latest/meta_data.json"
OTHER = "11111111-2222-4333-8444-555555555555"


def nova(**more: object) -> dict[str, str]:
    """What Nova's metadata handler puts on the drive."""
    document = {
        "uuid": UUID,
        "hostname": "web.novalocal",
        "name": "web",
        "public_keys": {"mine": f"{KEY} me\n", "yours": f"{OTHER_KEY} you\n"},
        "keys": [{"name": "mine", "type": "ssh", "data": f"{KEY} me\n"}],
        "admin_pass": PASSWORD,
        **more,
    }
    return {META: json.dumps(document)}


def cloudstack(instance: Instance = WEB, **more: str) -> dict[str, str | bytes]:
    """What ConfigDriveBuilder.java writes; ``uuid`` is its vm-id, and every empty value is left out."""
    keys = "\n".join(instance.ssh_keys)
    files: dict[str, str | bytes] = {
        "cloudstack/metadata/instance-id.txt": instance.instance_id,
        "cloudstack/metadata/vm-id.txt": "42",
        "cloudstack/metadata/local-hostname.txt": instance.hostname or "",
        "cloudstack/metadata/public-keys.txt": keys,
        "cloudstack/password/vm_password.txt": instance.password or "",
        "cloudstack/userdata/user_data.txt": instance.user_data or b"",
        "openstack/latest/meta_data.json": json.dumps({"uuid": "42", "hostname": "VM-1", "public_keys": {"key": keys}}),
        "openstack/latest/vendor_data.json": "{}",
        "openstack/latest/network_data.json": "{}",
        "openstack/latest/user_data": instance.user_data or b"",
        **more,
    }
    return {name: content for name, content in files.items() if content}


@pytest.fixture
def fetch(tmp_path):
    """Reads drives with these files, under this firmware."""
    tmp_path = tmp_path / "drives"
    tmp_path.mkdir()

    def read(*drives, firmware: Firmware | None = None, **settings: str) -> Metadata:
        made = machine(firmware=firmware)
        made.media = drives_of("CONFIG-2", tmp_path / str(len(list(tmp_path.iterdir()))), *drives)
        source = SOURCE(made, Settings(**settings))
        try:
            return source.fetch(soon())
        finally:
            read.attempts = {attempt.address: attempt.answer for attempt in source.attempts}

    return read


def test_openstacks_tree_is_read(fetch):
    found = fetch(nova())
    assert (found.instance_id, found.hostname) == (UUID, "web.novalocal")
    assert found.ssh_keys == (f"{KEY} me", f"{OTHER_KEY} you")
    assert found.password == Secret(PASSWORD.encode())
    assert found.address == "/dev/sr0"
    assert found.network is None
    assert found.remarks == ()


def test_cloudstacks_tree_counts_more_than_what_it_writes_for_openstack(fetch):
    found = fetch(cloudstack())
    assert (found.instance_id, found.hostname) == (UUID, "web")
    assert found.ssh_keys == (f"{KEY} me", f"{OTHER_KEY} you")
    assert found.password == Secret(PASSWORD.encode())
    assert (found.network, found.remarks) == (None, ())


def test_the_spelling_with_underscores_is_read_too(fetch):
    files = {name.replace("-", "_"): content for name, content in cloudstack().items()}
    files["cloudstack/password/vm-password.txt"] = files.pop("cloudstack/password/vm_password.txt")
    found = fetch(files)
    assert (found.instance_id, found.hostname, len(found.ssh_keys or ())) == (UUID, "web", 2)
    assert found.password == Secret(PASSWORD.encode())


def test_a_cloudstack_drive_without_user_data_service_has_no_meta_data_json(fetch):
    files = {name: content for name, content in cloudstack().items() if not name.startswith("openstack")}
    assert fetch(files).hostname == "web"


@pytest.mark.parametrize(
    ("given", "firmware", "expected"),
    [
        ((UUID, "42", "42"), None, UUID),
        (("i-2-42-VM", UUID, "42"), UUID, UUID),
        (("i-2-42-VM", "42", UUID), UUID, UUID),
        (("i-2-42-VM", "42", UUID), None, "i-2-42-VM"),
        (("", "", UUID), None, UUID),
        ((f"{UUID}\n", "42", "42"), UUID, UUID),
    ],
)
def test_the_instance_id_is_the_one_that_is_the_system_uuid_else_cloudstacks(fetch, given, firmware, expected):
    instance, vm, openstack = given
    names = {"cloudstack/metadata/instance-id.txt": instance, "cloudstack/metadata/vm-id.txt": vm}
    files = {name: text for name, text in names.items() if text} | {META: json.dumps({"uuid": openstack})}
    assert fetch(files, firmware=Firmware(uuid=firmware)).instance_id == expected


def test_a_cloudstack_machine_without_a_key_has_no_key(fetch):
    files = cloudstack() | {META: json.dumps({"uuid": UUID})}
    del files["cloudstack/metadata/public-keys.txt"]
    assert fetch(files).ssh_keys == ()
    assert fetch({META: json.dumps({"uuid": UUID})}).ssh_keys is None


@pytest.mark.parametrize("text", ["", "saved_password", "saved_password\n", "\n"])
def test_a_password_that_is_none_is_none(fetch, text):
    found = fetch(cloudstack() | {"cloudstack/password/vm_password.txt": text})
    assert (found.password, found.remarks) == (None, ())


@pytest.mark.parametrize("text", ["two\nlines", "\x1b[2J", b"\xff\xfe", "<html>", "x" * 300])
def test_a_password_that_cannot_be_one_is_a_remark_that_does_not_quote_it(fetch, text):
    found = fetch(cloudstack() | {"cloudstack/password/vm_password.txt": text})
    assert found.password is None
    assert len(found.remarks) == 1
    assert found.remarks[0].startswith("password: ")
    assert found.remarks[0].isprintable()


def test_the_keys_of_a_machine_in_one_file_lose_what_is_none(fetch):
    text = f"\r\n# mine\r\n{KEY} me\r\n\r\n{KEY} again\r\nssh-rsa AAAA broken\r\n{OTHER_KEY} you"
    found = fetch(cloudstack() | {"cloudstack/metadata/public-keys.txt": text})
    assert found.ssh_keys == (f"{KEY} me", f"{OTHER_KEY} you")


def test_the_newest_version_is_read_where_there_is_no_latest(fetch):
    old, new = json.dumps({"uuid": OTHER}), json.dumps({"uuid": UUID})
    files = {"openstack/2012-08-10/meta_data.json": old, "openstack/2018-08-27/meta_data.json": new}
    assert fetch(files | {"openstack/content/0000": "x", "openstack/2020-10-14/user_data": "x"}).instance_id == UUID
    assert fetch(files | {META: json.dumps({"uuid": OTHER})}).instance_id == OTHER


def test_static_addresses_are_read(fetch):
    network = {
        "links": [{"id": "eth0", "type": "phy", "ethernet_mac_address": "02:00:00:00:00:01", "mtu": 1450}],
        "networks": [
            {"id": "n", "link": "eth0", "type": "ipv4", "ip_address": "192.0.2.5", "netmask": "255.255.255.0"}
        ],
    }
    found = fetch(nova() | {"openstack/latest/network_data.json": json.dumps(network)})
    assert found.network is not None
    assert found.network.links[0].addresses == (ipaddress.IPv4Interface("192.0.2.5/24"),)


@pytest.mark.parametrize("text", ["[]", "{", '{"links": 7}', '{"links": [{"type": "bond", "id": "b"}]}'])
def test_a_network_document_that_cannot_be_used_costs_only_the_network(fetch, text):
    found = fetch(nova() | {"openstack/latest/network_data.json": text})
    assert (found.hostname, found.network, len(found.remarks)) == ("web.novalocal", None, 1)


def test_user_data_is_read_only_when_it_is_wanted(fetch):
    files = cloudstack()
    assert fetch(files).user_data is None
    assert fetch(files, user_data="keep").user_data == b"#!/bin/sh\n"
    del files["cloudstack/userdata/user_data.txt"]
    assert fetch(files, user_data="run").user_data == b"#!/bin/sh\n"


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({}, Malformed),
        ({META: "{}"}, Malformed),
        ({META: "not json"}, Malformed),
        ({META: "[" * 100_000}, Malformed),
        ({META: " " * (2 << 20)}, Malformed),
        ({META: '{"uuid": ["x"]}'}, Malformed),
        ({META: '{"uuid": "../../etc/passwd"}'}, Malformed),
        ({"cloudstack/metadata/instance-id.txt": "x" * 300}, Malformed),
        ({"cloudstack/metadata/instance-id.txt": b"\xff\xfe"}, Malformed),
        ({f"{META}/deeper": "x"}, Malformed),
        (None, Unreachable),
    ],
)
def test_a_drive_that_is_not_believed_is_an_error_of_its_kind(fetch, files, error):
    with pytest.raises(error):
        fetch(files)
    assert list(fetch.attempts) == ["/dev/sr0"]


def test_a_link_on_the_drive_leads_nowhere_else(fetch, tmp_path):
    made = machine()
    made.media = drives_of("config-2", tmp_path, nova())
    secret = tmp_path / "secret"
    secret.write_text("of the machine")
    (tmp_path / "sr0/cloudstack/password").mkdir(parents=True)
    (tmp_path / "sr0/cloudstack/password/vm_password.txt").symlink_to(secret)
    (tmp_path / "sr0/cloudstack/metadata").symlink_to("../../..")
    assert SOURCE(made, Settings()).fetch(soon()).password == Secret(PASSWORD.encode())


def test_without_a_drive_it_is_absent(fetch):
    with pytest.raises(Absent, match="no drive is labelled config-2"):
        fetch()


def test_without_blkid_it_says_so_and_nothing_else_happens():
    made = machine(commands=FakeCommands())
    made.media = Media(made.commands)
    with pytest.raises(Absent, match="blkid"):
        SOURCE(made, Settings()).fetch(soon())


def test_of_two_drives_the_one_about_this_machine_counts(fetch):
    other = {META: json.dumps({"uuid": OTHER})}
    for uuid in (UUID, swapped(UUID)):
        found = fetch(other, nova(), firmware=Firmware(uuid=uuid))
        assert (found.instance_id, found.address) == (UUID, "/dev/sr1")
        assert found.remarks == ("2 such drives are attached; the one about this machine's system UUID is used",)


def test_of_two_drives_about_others_the_first_by_name_counts(fetch):
    found = fetch(nova(), {META: json.dumps({"uuid": OTHER})}, firmware=Firmware())
    assert (found.instance_id, found.address) == (UUID, "/dev/sr0")
    assert found.remarks == ("2 such drives are attached; the first by name is used",)


def test_a_drive_that_cannot_be_read_does_not_hide_the_other(fetch):
    assert fetch(None, nova()).address == "/dev/sr1"
    assert fetch.attempts == {"/dev/sr0": "not mounted as iso9660: Input/output error", "/dev/sr1": "read"}
    with pytest.raises(SourceError) as caught:
        fetch(None, {})
    assert caught.value.address == "/dev/sr0"


def platform(instance: Instance, *faults: Fault) -> DrivePlatform:
    """How to simulate it, for the conformance tests."""
    return drive_platform("config-2", cloudstack(instance))
