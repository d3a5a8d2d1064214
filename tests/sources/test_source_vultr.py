"""The metadata service of Vultr: one document, asked for as cloud-init asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.machine import machine
from support.platforms import KEY, OTHER_KEY, UUID, Platform, serving
from support.sources import WRONG, Asking, asking, said, told

from guestseal.errors import Malformed
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.vultr import PATH, SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.documents import vultr
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance

VM = Instance(UUID, "vultr-guest", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"#!/bin/sh\n")
NONE = {"my-address": "", "my-asn": "", "peer-address": "", "peer-asn": ""}
RECORDED = {  # cloud-init, tests/unittests/sources/test_vultr.py: VULTR_V1_1
    "bgp": {"ipv4": NONE, "ipv6": NONE},
    "hostname": "CLOUDINIT_1",
    "local-hostname": "CLOUDINIT_1",
    "instance-v2-id": "29bea708-2e6e-480a-90ad-0e6b5d5ad62f",
    "instance-id": "29bea708-2e6e-480a-90ad-0e6b5d5ad62f",
    "instanceid": "42506325",
    "interfaces": [
        {
            "ipv4": {"additional": [], "address": "192.0.2.242", "gateway": "192.0.2.1", "netmask": "255.255.255.0"},
            "ipv6": {"additional": [], "address": "2001:db8:5::c465", "network": "2001:db8:5::", "prefix": "64"},
            "mac": "56:00:03:15:c4:65",
            "network-type": "public",
        }
    ],
    "public-keys": [f"{KEY} test3@key"],
    "region": {"regioncode": "EWR", "countrycode": "US"},
    "user-defined": [],
    "startup-script": "echo No configured startup script",
    "raid1-script": "",
    "user-data": [],
    "vendor-data": "#cloud-config\npackage_upgrade: true\n",
}


def platform(instance: Instance, *faults: Fault, host: str = "127.0.0.52", **options: object) -> Platform:
    """How to simulate it, for the conformance tests."""
    return serving("vultr", vultr({"*": instance}), *faults, host=host, **options)


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def test_everything_is_told_by_one_request_with_the_token(fetch):
    assert told(fetch()) == (UUID, "vultr-guest", VM.ssh_keys, ())
    (exchange,) = fetch.platform.simulator.journal
    assert (exchange.target, exchange.header("Metadata-Token")) == (PATH, "cloudinit")


def test_the_recorded_document_is_understood(fetch):
    found = fetch(said(PATH, RECORDED), user_data="keep")
    assert told(found)[:3] == (RECORDED["instance-v2-id"], "cloudinit-1", (f"{KEY} test3@key",))
    assert found.remarks == ("host name: underscores were made dashes",)
    assert found.user_data is None


def test_an_instance_of_before_version_2_has_a_number(fetch):
    older = {name: value for name, value in RECORDED.items() if name not in ("instance-v2-id", "instance-id")}
    assert fetch(said(PATH, older)).instance_id == "42506325"


def test_only_an_id_is_needed(fetch):
    assert told(fetch(said(PATH, {"instance-v2-id": UUID}))) == (UUID, None, None, ())


@pytest.mark.parametrize("value", [value for value in WRONG if value != 5], ids=repr)
def test_without_an_id_nothing_is_believed(fetch, value):
    with pytest.raises(Malformed):
        fetch(said(PATH, {**RECORDED, "instance-v2-id": value, "instanceid": value}))


@pytest.mark.parametrize("name", ["hostname", "public-keys", "user-data"])
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_what_is_wrong_costs_itself_alone(fetch, name, value):
    good = {**RECORDED, "hostname": "web", "user-data": "#!/bin/sh\n"}
    found = fetch(said(PATH, {**good, name: value}), user_data="keep")
    assert found.instance_id == RECORDED["instance-v2-id"]
    others = {"hostname": found.hostname, "public-keys": found.ssh_keys, "user-data": found.user_data}
    spoiled = others.pop(name)
    assert None not in others.values()
    assert not spoiled or isinstance(spoiled, bytes)
    assert len(found.remarks) <= 1


def test_bad_names_and_keys_cost_themselves_and_a_remark(fetch):
    found = fetch(said(PATH, {**RECORDED, "hostname": "a;reboot", "public-keys": ["ssh-ed25519 AAAA", f"{KEY} me"]}))
    assert (found.hostname, found.ssh_keys) == (None, (f"{KEY} me",))
    assert len(found.remarks) == 2
    assert not [remark for remark in found.remarks if "reboot" in remark or "AAAA" in remark]


def test_user_data_is_taken_only_where_it_is_wanted(fetch):
    assert fetch().user_data is None
    assert fetch(user_data="keep").user_data == VM.user_data


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="Vultr", product="VC2", serial="42506325"), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood
