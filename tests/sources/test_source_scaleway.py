"""The metadata service of Scaleway: one document, keys in two places, and user data for privileged ports."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from support.machine import machine
from support.platforms import KEY, OTHER_KEY, UUID, Platform, serving
from support.sources import WRONG, Asking, addresses_of, answer_of_ipv6_alone, asking, said, told

from guestseal.errors import Absent, Malformed, Unreachable
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.scaleway import DOCUMENT, SOURCE, USER_DATA
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.scaleway import MetadataService

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="ports below 1024 are root's")
ID = "8d93fbc5-4be2-4f3c-9d5b-8c1b3c3f5c50"
VM = Instance(ID, "scw-web", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"#!/bin/sh\n")
TAG = "AUTHORIZED_KEY=" + f"{OTHER_KEY} you".replace(" ", "_")
RECORDED = {  # the fields of scaleway-sdk-go's Metadata that say who the Instance is, and some others
    "id": ID,
    "name": "scw-web",
    "hostname": "scw-web",
    "organization": "ecc1c86a-eabb-43a7-9c0a-77e371753c0a",
    "commercial_type": "DEV1-S",
    "public_ips_v4": [{"id": "f8c1", "address": "51.158.1.1", "family": "inet", "provisioning_mode": "dhcp"}],
    "private_ip": None,
    "tags": ["web", TAG, "AUTHORIZED_KEYS=no"],
    "state_detail": "booting",
    "ssh_public_keys": [
        {
            "description": "me",
            "modification_date": None,
            "ip": "",
            "key": f"{KEY} me",
            "fingerprint": "256 MD5:d9:f4:36:6b:62:8d:fa:3f:c4:0e:40:ba:40:a8:c2:c9 (ssh-ed25519)",
            "id": "",
            "creation_date": None,
        }
    ],
    "timezone": "Europe/Paris",
    "zone": "fr-par-1",
}


def platform(instance: Instance, *faults: Fault, host: str = "127.0.0.74", **options: object) -> Platform:
    """How to simulate it, for the conformance tests."""
    return serving("scaleway", MetadataService({"*": instance}), *faults, host=host, **options)


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def test_everything_is_told_by_one_request(fetch):
    assert told(fetch()) == (ID, "scw-web", VM.ssh_keys, ())
    assert fetch.asked == [DOCUMENT]


def test_the_document_of_the_documentation_is_understood(fetch):
    assert told(fetch(said(DOCUMENT, RECORDED))) == (ID, "scw-web", VM.ssh_keys, ())


def test_only_an_id_is_needed(fetch):
    assert told(fetch(said(DOCUMENT, {"id": ID}))) == (ID, None, None, ())


def test_a_project_without_keys_has_none(fetch):
    assert fetch(vm=Instance(ID)).ssh_keys == ()


def test_a_key_may_be_a_tag_alone(fetch):
    assert fetch(said(DOCUMENT, {"id": ID, "tags": [TAG]})).ssh_keys == (f"{OTHER_KEY} you",)


@pytest.mark.parametrize("value", [value for value in WRONG if value != 5], ids=repr)
def test_without_an_id_nothing_is_believed(fetch, value):
    with pytest.raises(Malformed):
        fetch(said(DOCUMENT, {**RECORDED, "id": value}))
    with pytest.raises(Malformed, match="no instance-id"):
        fetch(said(DOCUMENT, {name: value for name, value in RECORDED.items() if name != "id"}))


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_wrong_host_name_costs_itself_alone(fetch, value):
    found = fetch(said(DOCUMENT, {**RECORDED, "hostname": value}))
    assert (found.instance_id, found.hostname, found.ssh_keys) == (ID, None, VM.ssh_keys)
    assert len(found.remarks) == (value not in (None, ""))


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_wrong_keys_cost_themselves_alone(fetch, value):
    found = fetch(said(DOCUMENT, {**RECORDED, "ssh_public_keys": value}))
    assert (found.instance_id, found.hostname, found.ssh_keys) == (ID, "scw-web", (f"{OTHER_KEY} you",))
    assert len(found.remarks) == (value is not None and value != [])


@pytest.mark.parametrize("value", [value for value in WRONG if value not in (None, "", "x" * 5000)], ids=repr)
def test_a_wrong_key_among_the_keys(fetch, value):
    found = fetch(said(DOCUMENT, {**RECORDED, "ssh_public_keys": [{"key": value}], "tags": []}))
    assert (found.instance_id, found.hostname, found.ssh_keys) == (ID, "scw-web", None)
    assert len(found.remarks) == 1


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_tags_of_any_kind_are_the_owners(fetch, value):
    assert told(fetch(said(DOCUMENT, {**RECORDED, "tags": value}))) == (ID, "scw-web", (f"{KEY} me",), ())
    assert told(fetch(said(DOCUMENT, {**RECORDED, "tags": [value]}))) == (ID, "scw-web", (f"{KEY} me",), ())


def test_bad_names_and_keys_cost_themselves_and_a_remark(fetch):
    document = {**RECORDED, "hostname": "a;reboot", "tags": ["AUTHORIZED_KEY=ssh-dss_AAAA"]}
    found = fetch(said(DOCUMENT, document))
    assert (found.hostname, found.ssh_keys, len(found.remarks)) == (None, (f"{KEY} me",), 2)
    assert not [remark for remark in found.remarks if "reboot" in remark or "AAAA" in remark]


def test_a_service_that_knows_no_instance_is_absent(fetch):
    with pytest.raises(Absent):
        fetch(Fault(status=404))


# User data


@as_root
def test_user_data_is_asked_for_from_a_privileged_port_and_only_where_it_is_wanted(fetch):
    assert fetch().user_data is None
    assert fetch.asked == [DOCUMENT]
    found = fetch(user_data="keep")
    assert (found.user_data, found.remarks) == (VM.user_data, ())
    ports = {each.target: each.source_port for each in fetch.platform.simulator.journal}
    assert ports[USER_DATA] < 1024 <= ports[DOCUMENT]


@as_root
def test_no_user_data_is_none(fetch):
    found = fetch(vm=Instance(ID), user_data="run")
    assert (found.user_data, found.remarks) == (None, ())


@as_root
@pytest.mark.parametrize("fault", [{"status": 403}, {"status": 302}, {"body": b"\x1f\x8b no gzip"}], ids=str)
def test_bad_user_data_costs_itself_and_a_remark(fetch, fault):
    found = fetch(Fault(path=USER_DATA, **fault), user_data="keep")
    assert (found.instance_id, found.ssh_keys, found.user_data) == (ID, VM.ssh_keys, None)
    assert len(found.remarks) == 1


@as_root
def test_user_data_that_may_yet_come_is_asked_for_again(fetch):
    with pytest.raises(Unreachable):
        fetch(Fault(path=USER_DATA, status=429), user_data="keep")


def test_both_addresses_are_asked():
    assert addresses_of(SOURCE) == ["169.254.42.42:80", "[fd00:42::42]:80"]
    assert answer_of_ipv6_alone(SOURCE, platform, VM).address.startswith("[::1]:")


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="Scaleway", product="SCW-DEV1-S"), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood
