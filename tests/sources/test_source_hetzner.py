"""The metadata service of Hetzner Cloud: items one by one, lists of keys in three spellings, two addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from support.machine import machine
from support.platforms import KEY, OTHER_KEY, UUID, Platform, serving
from support.sources import WRONG, Asking, addresses_of, answer_of_ipv6_alone, asking, told

from guestseal.errors import Absent, Malformed, Unreachable
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.hetzner import ROOT, SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault
from guestseal.simulate.hetzner import MetadataService
from guestseal.simulate.instance import Instance

VM = Instance("42", "my-server", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"#!/bin/sh\n")
ITEMS = [f"{ROOT}/metadata/{name}" for name in ("instance-id", "hostname", "public-keys")]


def platform(instance: Instance, *faults: Fault, host: str = "127.0.0.54", **options: object) -> Platform:
    """How to simulate it, for the conformance tests."""
    return serving("hetzner", MetadataService({"*": instance}), *faults, host=host, **options)


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def item(name: str, body: bytes, status: int = 200) -> Fault:
    return Fault(path=f"*/{name}", status=status, body=body)


def test_everything_is_told_by_three_requests(fetch):
    assert told(fetch()) == ("42", "my-server", VM.ssh_keys, ())
    assert fetch.asked == ITEMS


def test_a_server_without_keys_and_name(fetch):
    assert told(fetch(vm=Instance("42"))) == ("42", None, (), ())


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(VM.ssh_keys).encode(),
        json.dumps(VM.ssh_keys, indent=2).encode(),
        f"- {KEY} me\n- {OTHER_KEY} you\n".encode(),
        f"{KEY} me\n{OTHER_KEY} you\n".encode(),
    ],
    ids=["JSON", "JSON in lines", "YAML", "lines"],
)
def test_the_list_of_keys_is_understood_in_every_spelling(fetch, body):
    assert told(fetch(item("public-keys", body)))[2:] == (VM.ssh_keys, ())


@pytest.mark.parametrize("name", ["hostname", "public-keys"])
def test_an_item_that_is_missing_is_not_said(fetch, name):
    found = fetch(Fault(path=f"*/{name}", status=404))
    assert found.instance_id == "42"
    assert (found.hostname, found.ssh_keys).count(None) == 1
    assert found.remarks == ()


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"<html></html>", b'{"error": 1}', b"4 2", b"4\n2", b"x" * 300, b"[42]"]
)
def test_without_an_id_nothing_is_believed(fetch, body):
    with pytest.raises(Malformed):
        fetch(item("instance-id", body))
    assert fetch.asked == ITEMS[:1]


@pytest.mark.parametrize("name", ["hostname", "public-keys"])
@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"<html></html>", b'{"error": 1}', b"[[1]]", b"5", b"null", b"[" * 9000, b"x" * 70_000],
    ids=repr,
)
def test_what_is_wrong_costs_itself_alone(fetch, name, body):
    found = fetch(item(name, body))
    assert found.instance_id == "42"
    assert (found.hostname, found.ssh_keys).count(None) == 1 or (name, body) == ("hostname", b"5")
    assert len(found.remarks) <= 1


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_list_of_other_things_than_keys_is_no_list_of_keys(fetch, value):
    found = fetch(item("public-keys", json.dumps([value]).encode()))
    assert (found.instance_id, found.hostname) == ("42", "my-server")
    assert not found.ssh_keys
    assert len(found.remarks) <= 1


def test_bad_names_and_keys_cost_themselves_and_a_remark(fetch):
    found = fetch(item("hostname", b"a;reboot"), item("public-keys", json.dumps([KEY, "AAAA"]).encode()))
    assert (found.hostname, found.ssh_keys) == (None, (KEY,))
    assert len(found.remarks) == 2
    assert not [remark for remark in found.remarks if "reboot" in remark or "AAAA" in remark]


@pytest.mark.parametrize("name", ["hostname", "public-keys"])
def test_an_item_that_is_not_there_for_now_is_worth_another_try(fetch, name):
    with pytest.raises(Unreachable):
        fetch(Fault(path=f"*/{name}", status=503))


def test_user_data_is_taken_as_it_is_and_only_where_it_is_wanted(fetch):
    binary = b"\x1f\x8b\x08" + bytes(range(256))
    assert fetch().user_data is None
    assert fetch(vm=Instance("42", user_data=binary), user_data="keep").user_data == binary
    without = fetch(vm=Instance("42"), user_data="keep")  # 204
    assert (without.user_data, without.remarks) == (None, ())
    page = fetch(Fault(path="*/userdata", status=200, headers=(("Content-Type", "text/html"),)), user_data="keep")
    assert (page.user_data, len(page.remarks)) == (None, 1)


def test_ipv6_alone_is_enough():
    assert told(answer_of_ipv6_alone(SOURCE, platform, VM)) == ("42", "my-server", VM.ssh_keys, ())


def test_the_link_local_address_is_asked_on_every_interface():
    assert addresses_of(SOURCE) == ["169.254.169.254:80", "[fe80::a9fe:a9fe%eth0]:80", "[fe80::a9fe:a9fe%eth1]:80"]


def test_a_service_that_knows_no_server_is_absent(fetch):
    with pytest.raises(Absent):
        fetch(Fault(status=404))


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="Hetzner", product="vServer", serial="42"), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood
