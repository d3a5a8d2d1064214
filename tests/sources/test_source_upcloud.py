"""The metadata service of UpCloud: one document, of which each part may be missing or wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.machine import machine
from support.platforms import KEY, OTHER_KEY, UUID, Platform, serving
from support.sources import WRONG, Asking, addresses_of, asking, said, told

from guestseal.errors import Absent, Malformed
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.upcloud import PATH, SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.upcloud import upcloud

ID = "00322b68-0096-4042-9406-faad61922128"
VM = Instance(ID, "test.example.com", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"#!/bin/sh\n")
RECORDED = {  # cloud-init's tests of DataSourceUpCloud, with usable keys
    "cloud_name": "upcloud",
    "instance_id": ID,
    "hostname": "test.example.com",
    "platform": "servers",
    "subplatform": "metadata (http://169.254.169.254)",
    "public_keys": [f"{KEY} test1@example.com", f"{OTHER_KEY} test2@example.com"],
    "region": "fi-hel2",
    "network": {
        "interfaces": [
            {
                "index": 1,
                "ip_addresses": [
                    {
                        "address": "94.237.105.53",
                        "dhcp": True,
                        "dns": ["94.237.127.9", "94.237.40.9"],
                        "family": "IPv4",
                        "floating": False,
                        "gateway": "94.237.104.1",
                        "network": "94.237.104.0/22",
                    }
                ],
                "mac": "3a:d6:ba:4a:36:e7",
                "network_id": "031457f4-0f8c-483c-96f2-eccede02909c",
                "type": "public",
            }
        ],
        "dns": ["94.237.127.9", "94.237.40.9"],
    },
    "storage": {"disks": [{"id": "014efb65-223b-4d44-8f0a-c29535b88dcf", "size": 10240, "type": "disk"}]},
    "tags": [],
    "user_data": "#cloud-config\n",
    "vendor_data": "",
}


def platform(instance: Instance, *faults: Fault, host: str = "127.0.0.71", **options: object) -> Platform:
    """How to simulate it, for the conformance tests."""
    return serving("upcloud", upcloud({"*": instance}), *faults, host=host, **options)


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def test_everything_is_told_by_one_request(fetch):
    assert told(fetch()) == (ID, "test.example.com", VM.ssh_keys, ())
    assert fetch.asked == [PATH]
    assert addresses_of(SOURCE) == ["169.254.169.254:80"]


def test_the_recorded_document_is_understood(fetch):
    found = fetch(said(PATH, RECORDED), user_data="keep")
    assert told(found) == (ID, "test.example.com", tuple(RECORDED["public_keys"]), ())
    assert found.user_data == b"#cloud-config\n"


def test_only_an_id_is_needed(fetch):
    assert told(fetch(said(PATH, {"instance_id": ID}), user_data="keep")) == (ID, None, None, ())


@pytest.mark.parametrize("value", [value for value in WRONG if value != 5], ids=repr)
def test_without_an_id_nothing_is_believed(fetch, value):
    with pytest.raises(Malformed):
        fetch(said(PATH, {**RECORDED, "instance_id": value}))


def test_a_document_without_an_id_is_another_platforms(fetch):
    with pytest.raises(Malformed, match="no instance-id"):
        fetch(said(PATH, {"droplet_id": 2756294, "hostname": "sample-droplet"}))


@pytest.mark.parametrize("name", ["hostname", "public_keys", "user_data"])
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_what_is_wrong_costs_itself_alone(fetch, name, value):
    found = fetch(said(PATH, {**RECORDED, name: value}), user_data="keep")
    values = {"hostname": found.hostname, "public_keys": found.ssh_keys, "user_data": found.user_data}
    spoiled = values.pop(name)
    assert found.instance_id == ID and None not in values.values()
    assert not spoiled or isinstance(spoiled, bytes)
    assert len(found.remarks) <= 1


def test_bad_names_and_keys_cost_themselves_and_a_remark(fetch):
    found = fetch(said(PATH, {**RECORDED, "hostname": "a;reboot", "public_keys": [f"{KEY} me", "ssh-dss AAAA"]}))
    assert (found.hostname, found.ssh_keys, len(found.remarks)) == (None, (f"{KEY} me",), 2)
    assert not [remark for remark in found.remarks if "reboot" in remark or "AAAA" in remark]


def test_user_data_is_taken_only_where_it_is_wanted(fetch):
    assert fetch().user_data is None
    assert fetch(user_data="keep").user_data == VM.user_data
    assert fetch(vm=Instance(ID), user_data="run").user_data is None


def test_a_service_that_knows_no_server_is_absent(fetch):
    with pytest.raises(Absent):
        fetch(Fault(status=404))


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="UpCloud", product="Server", uuid=ID), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood
