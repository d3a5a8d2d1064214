"""The metadata service of Akamai: a token for everything, documents that may be wrong, keys that belong to users."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from support.machine import machine, soon
from support.platforms import KEY, OTHER_KEY, UUID, Platform, serving
from support.sources import WRONG, Asking, addresses_of, answer_of_ipv6_alone, asking, said, told

from guestseal.errors import Absent, Denied, Malformed, Unreachable
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.akamai import SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.akamai import LIFE_HEADER, TOKEN_HEADER, TOKEN_PATH, MetadataService
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance

INSTANCE, KEYS, USER_DATA = "/v1/instance", "/v1/ssh-keys", "/v1/user-data"
VM = Instance("12345678", "my-linode", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"#!/bin/sh\n")
RECORDED = {  # "Use the Metadata service API", with the types of linode/py-metadata
    "id": 12345678,
    "host_uuid": "a631b16d14534d84e2830da16d1b28e1d08d24df",
    "label": "my-linode",
    "region": "us-iad",
    "type": "g6-standard-1",
    "tags": [],
    "specs": {"vcpus": 1, "memory": 2048, "gpus": 0, "transfer": 2000, "disk": 51200},
    "backups": {"enabled": False, "status": None},
}
USERS = {"users": {"root": [f"{KEY} me"], "operator": [f"{OTHER_KEY} you"]}}


def platform(instance: Instance, *faults: Fault, host: str = "127.0.0.73", **options: object) -> Platform:
    """How to simulate it, for the conformance tests."""
    return serving("akamai", MetadataService({"*": instance}), *faults, host=host, **options)


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def test_everything_is_told_to_those_who_have_a_token(fetch):
    assert told(fetch()) == ("12345678", "my-linode", VM.ssh_keys, ())
    put, *gets = fetch.platform.simulator.journal
    assert [(put.method, put.target), *(each.target for each in gets)] == [("PUT", TOKEN_PATH), INSTANCE, KEYS]
    assert put.header(LIFE_HEADER) == "300"
    assert len({each.header(TOKEN_HEADER) for each in gets}) == 1
    assert {each.header("Accept") for each in gets} == {"application/json"}


def test_the_documents_of_the_documentation_are_understood(fetch):
    found = fetch(said(INSTANCE, RECORDED), said(KEYS, USERS))
    assert told(found) == ("12345678", "my-linode", (f"{KEY} me",), ())


@pytest.mark.parametrize(
    ("account", "keys"),
    [("root", (f"{KEY} me",)), ("operator", (f"{OTHER_KEY} you",)), ("nobody", ())],
)
def test_the_keys_are_those_of_the_account(fetch, account, keys):
    assert fetch(said(KEYS, USERS), account=account).ssh_keys == keys


# Tokens


@pytest.mark.parametrize(
    "fault",
    [
        {"body": b""},
        {"body": b"\n"},
        {"body": b"<html>token</html>"},
        {"body": b"abc\ndef"},
        {"body": b"abc\r\nX-Injected: yes"},
        {"body": b"abc def"},
        {"body": b"\xff\xfe"},
        {"body_size": 1 << 20},
        {"status": 302, "headers": (("Location", "http://127.0.0.1:1/"),)},
        {"status": 400},
    ],
    ids=["empty", "newline", "html", "lines", "injection", "blank", "binary", "huge", "redirect", "400"],
)
def test_what_is_no_token_ends_the_conversation(fetch, fault):
    with pytest.raises(Malformed):
        fetch(Fault(path=TOKEN_PATH, **fault))
    assert fetch.asked == [TOKEN_PATH]


@pytest.mark.parametrize(("status", "error"), [(403, Denied), (404, Absent), (429, Unreachable), (503, Unreachable)])
def test_without_a_token_nothing_is_asked(fetch, status, error):
    with pytest.raises(error):
        fetch(Fault(path=TOKEN_PATH, status=status))
    assert fetch.asked == [TOKEN_PATH]


def test_a_line_end_behind_the_token_is_none_of_it():
    service = MetadataService({"*": VM})
    served = serving("akamai", service, Fault(path=INSTANCE, status=503), host="127.0.0.73")
    try:
        served.simulator.add_fault(Fault(path=TOKEN_PATH, status=200, body=b"abc\n"))
        with pytest.raises(Unreachable):
            SOURCE(machine(), served.settings).fetch(soon())
        assert served.simulator.journal.snapshot()[-1].header(TOKEN_HEADER) == "abc"
    finally:
        served.close()


@pytest.mark.parametrize("path", [INSTANCE, KEYS, USER_DATA])
def test_an_expired_token_is_renewed_once(fetch, path):
    found = fetch(Fault(path=path, status=401, times=1), user_data="keep")
    assert told(found) == ("12345678", "my-linode", VM.ssh_keys, ())
    assert found.user_data == VM.user_data
    assert fetch.asked.count(TOKEN_PATH) == 2


def test_a_service_that_takes_no_token_is_denied(fetch):
    with pytest.raises(Denied):
        fetch(Fault(path=INSTANCE, status=401))
    assert fetch.asked == [TOKEN_PATH, INSTANCE, TOKEN_PATH, INSTANCE]


# Values


def test_only_an_id_is_needed(fetch):
    faults = (said(INSTANCE, {"id": 1}), Fault(path=KEYS, status=404), Fault(path=USER_DATA, status=404))
    found = fetch(*faults, user_data="keep")
    assert (found.instance_id, found.hostname, found.ssh_keys, found.user_data) == ("1", None, None, None)
    assert len(found.remarks) == 1


@pytest.mark.parametrize("value", [value for value in WRONG if value != 5], ids=repr)
def test_without_an_id_nothing_is_believed(fetch, value):
    with pytest.raises(Malformed):
        fetch(said(INSTANCE, {**RECORDED, "id": value}))
    with pytest.raises(Malformed, match="no instance-id"):
        fetch(said(INSTANCE, {name: value for name, value in RECORDED.items() if name != "id"}))


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_wrong_label_costs_itself_alone(fetch, value):
    found = fetch(said(INSTANCE, {**RECORDED, "label": value}))
    assert (found.instance_id, found.hostname, found.ssh_keys) == ("12345678", None, VM.ssh_keys)
    assert len(found.remarks) == (value not in (None, ""))


def test_a_label_with_an_underscore_becomes_a_host_name(fetch):
    found = fetch(said(INSTANCE, {**RECORDED, "label": "My_Linode-1.test"}))
    assert (found.hostname, len(found.remarks)) == ("my-linode-1.test", 1)


@pytest.mark.parametrize("value", WRONG, ids=repr)
@pytest.mark.parametrize("place", ["document", "users", "root"])
def test_wrong_keys_cost_themselves_alone(fetch, place, value):
    document = {"document": value, "users": {"users": value}, "root": {"users": {"root": value}}}[place]
    found = fetch(said(KEYS, document))
    assert (found.instance_id, found.hostname) == ("12345678", "my-linode")
    assert not found.ssh_keys
    assert len(found.remarks) == (found.ssh_keys is None)


def test_bad_keys_cost_themselves_and_a_remark(fetch):
    found = fetch(said(KEYS, {"users": {"root": [f"{KEY} me", "ssh-dss AAAA"]}}))
    assert (found.ssh_keys, len(found.remarks)) == ((f"{KEY} me",), 1)
    assert "AAAA" not in found.remarks[0]


@pytest.mark.parametrize("status", [403, 404, 501])
def test_keys_that_are_not_told_are_not_none(fetch, status):
    found = fetch(Fault(path=KEYS, status=status))
    assert (found.instance_id, found.ssh_keys, len(found.remarks)) == ("12345678", None, 1)


def test_keys_that_may_yet_be_told_are_asked_for_again(fetch):
    with pytest.raises(Unreachable):
        fetch(Fault(path=KEYS, status=503))


def test_user_data_is_taken_only_where_it_is_wanted(fetch):
    assert fetch().user_data is None
    assert fetch(user_data="keep").user_data == VM.user_data
    assert fetch(vm=Instance("1"), user_data="run").user_data is None


@pytest.mark.parametrize(
    "fault",
    [{"body": b"not base64!"}, {"body": b'{"errors": []}'}, {"status": 403}, {"body": base64.b64encode(b"\x1f\x8b?")}],
    ids=["no base64", "JSON", "403", "no gzip"],
)
def test_bad_user_data_costs_itself_and_a_remark(fetch, fault):
    found = fetch(Fault(path=USER_DATA, **fault), user_data="keep")
    assert (found.instance_id, found.ssh_keys, found.user_data) == ("12345678", VM.ssh_keys, None)
    assert len(found.remarks) == 1


def test_both_addresses_are_asked():
    assert addresses_of(SOURCE) == ["169.254.169.254:80", "[fd00:a9fe:a9fe::1]:80"]
    assert answer_of_ipv6_alone(SOURCE, platform, VM).address.startswith("[::1]:")


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="Linode", serial="12345678"), Likelihood.LIKELY),
        (Firmware(vendor="Akamai", serial="12345678"), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood
