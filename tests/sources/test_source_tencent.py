"""The metadata service of Tencent Cloud: EC2's tree without tokens, of which the documentation names a part."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.machine import machine
from support.platforms import KEY, OTHER_KEY, UUID, Platform, serving
from support.sources import Asking, addresses_of, asking, told

from guestseal.errors import Absent, Denied, Malformed, SourceError
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.tencent import SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.tencent import MetadataService

ROOT = "/2017-09-19/meta-data"
ID = "ins-3g445roi"  # "Querying Instance Metadata"
VM = Instance(ID, "VM-0-3-debian", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"179, client, shanghai")
FULL = (ID, "vm-0-3-debian", VM.ssh_keys, ())


def platform(instance: Instance, *faults: Fault, host: str = "127.0.0.76", **options: object) -> Platform:
    """How to simulate it, for the conformance tests."""
    return serving("tencent", MetadataService({"*": instance}), *faults, host=host, **options)


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def test_everything_is_told_without_tokens(fetch):
    assert told(fetch()) == FULL
    assert fetch.asked == [
        f"{ROOT}/instance-id",
        f"{ROOT}/hostname",
        f"{ROOT}/public-keys/",
        f"{ROOT}/public-keys/0/openssh-key",
        f"{ROOT}/public-keys/1/openssh-key",
    ]


def test_no_name_is_looked_up():
    # Whoever answers for a public name must not choose the keys of a machine that runs elsewhere.
    assert addresses_of(SOURCE) == ["169.254.0.23:80"]


def test_a_service_without_the_old_version(fetch):
    assert told(fetch(Fault(path="/2017-09-19/*", status=404))) == FULL


def test_what_is_missing_is_not_said(fetch):
    assert told(fetch(vm=Instance(ID))) == (ID, None, None, ())


@pytest.mark.parametrize("listing", [b"0=me\n1=you", b"0/\n1/\n", b"0\r\n1\r\n"], ids=["EC2", "directories", "plain"])
def test_keys_are_fetched_by_index(fetch, listing):
    assert told(fetch(Fault(path="*/public-keys/", status=200, body=listing))) == FULL


@pytest.mark.parametrize("body", [b"skey-1/\n../\n", KEY.encode(), b"<html>"], ids=["names", "a key", "HTML"])
def test_a_list_of_another_form_says_nothing(fetch, body):
    found = fetch(Fault(path="*/public-keys/", status=200, body=body))
    assert (found.instance_id, found.ssh_keys, len(found.remarks)) == (ID, None, 1)
    assert fetch.asked[-1] == f"{ROOT}/public-keys/"


@pytest.mark.parametrize("body", [b"a;reboot", b"<html>", b'{"error": 1}', b"\xff", b"10.0.0.1"], ids=str)
def test_a_bad_host_name_costs_itself_and_a_remark(fetch, body):
    found = fetch(Fault(path="*/hostname", status=200, body=body))
    assert (found.instance_id, found.hostname, found.ssh_keys) == (ID, None, VM.ssh_keys)
    assert len(found.remarks) == 1 and "reboot" not in found.remarks[0]


@pytest.mark.parametrize("body", [b"ssh-dss AAAA", b'{"error": 1}'], ids=["DSA", "JSON"])
def test_bad_keys_cost_themselves_and_a_remark(fetch, body):
    found = fetch(Fault(path="*/openssh-key", status=200, body=body))
    assert (found.instance_id, found.ssh_keys, len(found.remarks)) == (ID, None, 1)
    assert "AAAA" not in found.remarks[0]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=404), Absent),
        (Fault(status=403), Denied),
        (Fault(path="*/instance-id", status=200, body=b""), Malformed),
        (Fault(path="*/instance-id", status=200, body=b'{"error": 1}'), Malformed),
        (Fault(path="*/instance-id", status=200, body=b"ins-1\nins-2"), Malformed),
    ],
    ids=["404", "403", "empty", "JSON", "lines"],
)
def test_without_an_instance_id_nothing_is_believed(fetch, fault, error):
    with pytest.raises(SourceError) as caught:
        fetch(fault)
    assert type(caught.value) is error


def test_user_data_is_taken_only_where_it_is_wanted(fetch):
    assert fetch().user_data is None
    assert fetch(user_data="keep").user_data == VM.user_data
    assert fetch(vm=Instance(ID), user_data="run").user_data is None


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="Tencent Cloud", product="CVM"), Likelihood.LIKELY),
        (Firmware(product="Tencent Cloud CVM"), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood
