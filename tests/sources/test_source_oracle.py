"""The metadata service of Oracle: two versions, one header, and a document of which each part may be wrong."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator

import pytest
from support.machine import machine
from support.platforms import KEY, OTHER_KEY, UUID, Platform, serving
from support.sources import WRONG, Asking, addresses_of, answer_of_ipv6_alone, asking, said, told
from support.timing import LAG

from guestseal.errors import Absent, Denied, Malformed
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.oracle import SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.oracle import MetadataService

V1, V2 = "/opc/v1/instance/", "/opc/v2/instance/"
ID = "ocid1.instance.oc1.phx.anyhqljtniwq6syc3nex55sep5w34qbwmw6TRUNCATED"
VM = Instance(ID, "instance-20200320-1400", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"#!/bin/sh\n")
RECORDED = {  # cloud-init's tests of DataSourceOracle, with a usable key
    "availabilityDomain": "qIZq:PHX-AD-1",
    "faultDomain": "FAULT-DOMAIN-2",
    "compartmentId": "ocid1.tenancy.oc1..aaaaaaaao7f7cccogqrg5emjxkxmTRUNCATED",
    "displayName": "My first instance",
    "hostname": "instance-20200320-1400",
    "id": ID,
    "image": "ocid1.image.oc1.phx.aaaaaaaagmkn4gdhvvx24kiahh2b2qchsicTRUNCATED",
    "metadata": {
        "ssh_authorized_keys": f"{KEY} me\n{OTHER_KEY} you\n",
        "user_data": "IyEvYmluL3NoCnRvdWNoIC90bXAvZm9v",
    },
    "region": "phx",
    "canonicalRegionName": "us-phoenix-1",
    "ociAdName": "phx-ad-3",
    "shape": "VM.Standard2.1",
    "state": "Running",
    "timeCreated": 1584727285318,
    "agentConfig": {"monitoringDisabled": True, "managementDisabled": True},
}


def platform(
    instance: Instance,
    *faults: Fault,
    host: str = "127.0.0.72",
    versions: tuple[int, ...] = (1, 2),
    **options: object,
) -> Platform:
    """How to simulate it, for the conformance tests."""
    return serving("oracle", MetadataService({"*": instance}, versions=versions), *faults, host=host, **options)


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def test_everything_is_told_by_one_request_with_the_header(fetch):
    assert told(fetch()) == (ID, VM.hostname, VM.ssh_keys, ())
    assert fetch.asked == [V2]
    (asked,) = fetch.platform.simulator.journal
    assert ("Authorization", "Bearer Oracle") in asked.fields


def test_the_recorded_document_is_understood(fetch):
    found = fetch(said(V2, RECORDED), user_data="keep")
    assert told(found) == (ID, VM.hostname, VM.ssh_keys, ())
    assert found.user_data == b"#!/bin/sh\ntouch /tmp/foo"


def test_version_1_is_asked_where_there_is_no_other_and_without_the_header(fetch):
    assert told(fetch(versions=(1,))) == (ID, VM.hostname, VM.ssh_keys, ())
    assert fetch.asked == [V2, V1]
    assert "authorization" not in fetch.platform.simulator.journal.snapshot()[-1].headers


def test_version_1_is_not_asked_where_version_2_refuses(fetch):
    with pytest.raises(Denied):
        fetch(Fault(path=V2, status=403))
    assert fetch.asked == [V2]


def test_a_service_that_is_being_updated_is_asked_again(fetch):
    assert fetch(Fault(path=V2, status=404, times=1), versions=(2,)).instance_id == ID
    assert fetch.asked == [V2, V1, V2]


def test_a_service_that_knows_no_instance_is_absent(fetch):
    start = time.monotonic()
    with pytest.raises(Absent, match="neither version"):
        fetch(Fault(status=404))
    assert time.monotonic() - start < 0.5 + LAG
    assert fetch.asked == [V2, V1, V2]


def test_only_an_id_is_needed(fetch):
    assert told(fetch(said(V2, {"id": ID}), user_data="keep")) == (ID, None, None, ())
    assert told(fetch(said(V2, {"id": ID, "metadata": {}}), user_data="keep")) == (ID, None, None, ())


def test_the_display_name_is_no_host_name(fetch):
    assert fetch(vm=Instance(ID)).hostname is None


@pytest.mark.parametrize("value", [value for value in WRONG if value != 5], ids=repr)
def test_without_an_id_nothing_is_believed(fetch, value):
    with pytest.raises(Malformed):
        fetch(said(V2, {**RECORDED, "id": value}))
    with pytest.raises(Malformed, match="no instance-id"):
        fetch(said(V2, {name: value for name, value in RECORDED.items() if name != "id"}))


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_wrong_host_name_costs_itself_alone(fetch, value):
    found = fetch(said(V2, {**RECORDED, "hostname": value}))
    assert (found.instance_id, found.hostname, found.ssh_keys) == (ID, None, VM.ssh_keys)
    assert len(found.remarks) == (value not in (None, ""))


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_wrong_metadata_of_the_owner_costs_itself_alone(fetch, value):
    found = fetch(said(V2, {**RECORDED, "metadata": value}), user_data="keep")
    assert (found.instance_id, found.hostname, found.ssh_keys, found.user_data) == (ID, VM.hostname, None, None)
    assert len(found.remarks) == (value is not None and not isinstance(value, dict))


@pytest.mark.parametrize("name", ["ssh_authorized_keys", "user_data"])
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_what_is_wrong_in_it_costs_itself_alone(fetch, name, value):
    found = fetch(said(V2, {**RECORDED, "metadata": {**RECORDED["metadata"], name: value}}), user_data="keep")
    values = {"ssh_authorized_keys": found.ssh_keys, "user_data": found.user_data}
    spoiled = values.pop(name)
    assert (found.instance_id, found.hostname) == (ID, VM.hostname)
    assert all(values.values()) and (not spoiled or value == "x" * 5000)
    assert len(found.remarks) <= 1


def test_bad_keys_cost_themselves_and_a_remark(fetch):
    owners = {"ssh_authorized_keys": f"{KEY} me\nssh-dss AAAA\n"}
    found = fetch(said(V2, {**RECORDED, "metadata": owners}))
    assert (found.ssh_keys, len(found.remarks)) == ((f"{KEY} me",), 1)
    assert "AAAA" not in found.remarks[0]


def test_user_data_is_taken_only_where_it_is_wanted(fetch):
    assert fetch().user_data is None
    assert fetch(user_data="keep").user_data == VM.user_data
    assert fetch(vm=Instance(ID), user_data="run").user_data is None
    packed = {"user_data": base64.b64encode(b"\x1f\x8b broken").decode()}
    found = fetch(said(V2, {**RECORDED, "metadata": packed}), user_data="keep")
    assert (found.user_data, len(found.remarks)) == (None, 1)


def test_both_addresses_are_asked():
    assert addresses_of(SOURCE) == ["169.254.169.254:80", "[fd00:c1::a9fe:a9fe]:80"]
    assert answer_of_ipv6_alone(SOURCE, platform, VM).address.startswith("[::1]:")


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="QEMU", chassis_tag="OracleCloud.com"), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood
