"""The metadata service of DigitalOcean: one document, of which each part may be missing or wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.machine import machine
from support.platforms import KEY, OTHER_KEY, UUID, Platform, serving
from support.sources import WRONG, Asking, asking, said, told

from guestseal.errors import Absent, Malformed
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.digitalocean import PATH, SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.documents import digitalocean
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance

VM = Instance("2756294", "sample-droplet", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"#!/bin/sh\n")
RSA = (
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCcbi6cygCUmuNlB0KqzBpHXf7CFYb3VE4pDOf/RLJ8OFDjOM+fjF83a24QktSVIpQnHYpJJT2pQM"
    "BxD+ZmnhTbKv+OjwHSHwAfkBullAojgZKzz+oN35P4Ea4J78AvMrHw0zp5MknS+WKEDCA2c6iDRCq6/hZ13Mn64f6c372JK99X29lj/B4VQpKCQyG8"
    "PUSTFkb5DXTETGbzuiVft+vM6SF+0XZH9J6dQ7b4yD3sOder+M0Q7I7CJD4VpdVD/JFa2ycOS4A4dZhjKXzabLQXdkWHvYGgNPGA5lI73TcLUAueUY"
    "qdq3RrDRfaQ5Z0PEw0mDllCzhk5dQpkmmqNi0F"
)
RECORDED = {  # "Metadata API", GET /metadata/v1.json; the interfaces as cloud-init's tests record them
    "dns": {"nameservers": ["2001:4860:4860::8844", "2001:4860:4860::8888", "8.8.8.8"]},
    "droplet_id": 2756294,
    "features": {"dhcp_enabled": True},
    "floating_ip": {"ipv4": {"active": False}},
    "hostname": "sample-droplet",
    "interfaces": {
        "private": [],
        "public": [
            {
                "anchor_ipv4": {"gateway": "10.17.0.1", "ip_address": "10.17.0.9", "netmask": "255.255.0.0"},
                "ipv4": {"gateway": "192.0.2.1", "ip_address": "192.0.2.20", "netmask": "255.255.192.0"},
                "mac": "04:01:2a:0f:2a:01",
                "type": "public",
            }
        ],
    },
    "public_keys": [f"{RSA} sammy@example.com"],
    "region": "nyc3",
    "tags": None,
    "user_data": "#cloud-config\n",
    "vendor_data": "#cloud-config\ndisable_root: false\nmanage_etc_hosts: true\n",
}


def platform(instance: Instance, *faults: Fault, host: str = "127.0.0.51", **options: object) -> Platform:
    """How to simulate it, for the conformance tests."""
    return serving("digitalocean", digitalocean({"*": instance}), *faults, host=host, **options)


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def test_everything_is_told_by_one_request(fetch):
    assert told(fetch()) == ("2756294", "sample-droplet", VM.ssh_keys, ())
    assert fetch.asked == [PATH]


def test_the_documents_of_the_documentation_are_understood(fetch):
    assert told(fetch(said(PATH, RECORDED))) == ("2756294", "sample-droplet", (f"{RSA} sammy@example.com",), ())
    older = {**RECORDED, "droplet_id": "22532410", "public_keys": f"{KEY} test@do.co"}
    assert told(fetch(said(PATH, older))) == ("22532410", "sample-droplet", (f"{KEY} test@do.co",), ())


def test_only_an_id_is_needed(fetch):
    assert told(fetch(said(PATH, {"droplet_id": 1}))) == ("1", None, None, ())


@pytest.mark.parametrize("value", [value for value in WRONG if value != 5], ids=repr)
def test_without_an_id_nothing_is_believed(fetch, value):
    with pytest.raises(Malformed):
        fetch(said(PATH, {**RECORDED, "droplet_id": value}))
    with pytest.raises(Malformed):
        fetch(said(PATH, {name: value for name, value in RECORDED.items() if name != "droplet_id"}))


@pytest.mark.parametrize("name", ["hostname", "public_keys", "user_data"])
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_what_is_wrong_costs_itself_alone(fetch, name, value):
    found = fetch(said(PATH, {**RECORDED, name: value}), user_data="keep")
    assert found.instance_id == "2756294"
    others = {"hostname": found.hostname, "public_keys": found.ssh_keys, "user_data": found.user_data}
    spoiled = others.pop(name)
    assert None not in others.values()
    assert not spoiled or isinstance(spoiled, bytes)
    assert len(found.remarks) <= 1


def test_bad_names_and_keys_cost_themselves_and_a_remark(fetch):
    found = fetch(said(PATH, {**RECORDED, "hostname": "a;reboot", "public_keys": [f"{KEY} me", "ssh-dss AAAA"]}))
    assert (found.hostname, found.ssh_keys) == (None, (f"{KEY} me",))
    assert len(found.remarks) == 2
    assert not [remark for remark in found.remarks if "reboot" in remark or "AAAA" in remark]


def test_user_data_is_taken_only_where_it_is_wanted(fetch):
    assert fetch().user_data is None
    assert fetch(user_data="keep").user_data == VM.user_data
    assert fetch(vm=Instance("1"), user_data="keep").user_data is None


def test_a_service_that_knows_no_droplet_is_absent(fetch):
    with pytest.raises(Absent):
        fetch(Fault(status=404))


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="DigitalOcean", product="Droplet", serial="2756294"), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood
