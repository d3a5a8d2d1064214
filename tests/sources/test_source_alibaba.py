"""The metadata service of Alibaba Cloud: EC2's tree with tokens, items and lists of its own."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from support.machine import machine
from support.platforms import KEY, OTHER_KEY, UUID, Platform, serving
from support.sources import Asking, addresses_of, asking, told

from guestseal.errors import Absent, Denied, Malformed, SourceError, Unreachable
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.alibaba import SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.alibaba import MetadataService
from guestseal.simulate.ec2 import Tokens
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance

TOKEN, HEADER = "/latest/api/token", "X-aliyun-ecs-metadata-token"
ROOT = "/2016-01-01/meta-data"
ID = "i-bp67acfmxazb4ph0aaaa"
VM = Instance(ID, "iZbp67acfmxazb4ph0aaaaZ", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"#!/bin/sh\n")
FULL = (ID, "izbp67acfmxazb4ph0aaaaz", VM.ssh_keys, ())


def platform(
    instance: Instance,
    *faults: Fault,
    host: str = "127.0.0.75",
    token: Tokens = Tokens.OPTIONAL,
    **options: object,
) -> Platform:
    """How to simulate it, for the conformance tests."""
    return serving("alibaba", MetadataService({"*": instance}, token=token), *faults, host=host, **options)


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def listing(body: bytes) -> Fault:
    return Fault(path="*/public-keys/", status=200, body=body)


@pytest.mark.parametrize("token", list(Tokens), ids=lambda each: each.value)
def test_everything_is_told_with_tokens_and_without(fetch, token):
    assert told(fetch(token=token)) == FULL
    put, *gets = fetch.platform.simulator.journal
    assert (put.method, put.target, put.header(f"{HEADER}-ttl-seconds")) == ("PUT", TOKEN, "300")
    assert {HEADER.lower() in each.headers for each in gets} == {token is not Tokens.ABSENT}
    assert not any("aws" in name for each in fetch.platform.simulator.journal for name in each.headers)


def test_what_is_asked_is_what_is_needed(fetch):
    fetch(listing(b"0/\nkey-pair-1/\n"))
    assert fetch.asked == [
        TOKEN,
        f"{ROOT}/instance-id",
        f"{ROOT}/hostname",
        f"{ROOT}/public-keys/",
        f"{ROOT}/public-keys/0/openssh-key",
        f"{ROOT}/public-keys/key-pair-1/openssh-key",
    ]
    assert addresses_of(SOURCE) == ["100.100.100.200:80"]


def test_a_machine_without_keys_and_name(fetch):
    assert told(fetch(vm=Instance(ID))) == (ID, None, (), ())


def test_a_service_without_the_old_version(fetch):
    assert told(fetch(Fault(path="/2016-01-01/*", status=404))) == FULL


# Tokens


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 404},
        {"status": 405},
        {"status": 200, "body": b""},
        {"status": 200, "body": b"<html>token</html>"},
        {"status": 200, "body": b"abc\n"},
        {"status": 200, "body": b"abc\r\nX-Injected: yes"},
        {"status": 200, "body_size": 1 << 20},
    ],
    ids=["404", "405", "empty", "html", "newline", "injection", "huge"],
)
def test_what_is_no_token_is_gone_without(fetch, fault):
    assert told(fetch(Fault(path=TOKEN, **fault))) == FULL
    assert not any("x-" in name for each in fetch.platform.simulator.journal.snapshot()[1:] for name in each.headers)


def test_the_token_that_ec2_requires_is_ec2s(fetch):
    assert told(fetch(Fault(path=TOKEN, status=404), ec2_token="require")) == FULL


def test_an_expired_token_is_renewed_once(fetch):
    assert told(fetch(Fault(path=f"{ROOT}/hostname", status=401, times=1), token=Tokens.REQUIRED)) == FULL
    assert fetch.asked.count(TOKEN) == 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(path=TOKEN, status=403), Denied),
        (Fault(path=TOKEN, status=503), Unreachable),
        (Fault(method="GET", status=401), Denied),
        (Fault(method="GET", status=404), Absent),
        (Fault(path="*/instance-id", status=200, body=b""), Malformed),
        (Fault(path="*/instance-id", status=200, body=b'{"code": 500}'), Malformed),
        (Fault(path="*/instance-id", status=200, body=b"<html>log in</html>"), Malformed),
    ],
    ids=["off", "503", "401", "404", "empty", "JSON", "HTML"],
)
def test_a_service_that_misbehaves_has_a_typed_error(fetch, fault, error):
    with pytest.raises(SourceError) as caught:
        fetch(fault)
    assert type(caught.value) is error


# Values


@pytest.mark.parametrize("body", [b"a;reboot", b"<html>", b'{"error": 1}', b"\xff", b"10.0.0.1"], ids=str)
def test_a_bad_host_name_costs_itself_and_a_remark(fetch, body):
    found = fetch(Fault(path="*/hostname", status=200, body=body))
    assert (found.instance_id, found.hostname, found.ssh_keys) == (ID, None, VM.ssh_keys)
    assert len(found.remarks) == 1 and "reboot" not in found.remarks[0]


def test_a_key_that_comes_twice_is_one(fetch):
    assert fetch().ssh_keys == VM.ssh_keys
    assert len([target for target in fetch.asked if target.endswith("openssh-key")]) == 4


def test_a_key_pair_may_be_called_anything(fetch):
    name = "열쇠 a?b#c%2F"
    extra = {f"public-keys/{name}/openssh-key": KEY}
    found = fetch(listing(f"{name}/\r\n".encode()), vm=Instance(ID, extra=extra))
    assert (found.ssh_keys, found.remarks) == ((KEY,), ())


@pytest.mark.parametrize("line", [b"..", b"../", b"./", b"a/b", b"a=b", b"\x00", b"a\tb", b"x" * 300, b"/"], ids=str)
def test_what_is_no_name_of_a_directory_is_not_asked_for(fetch, line):
    found = fetch(listing(line))
    assert (found.ssh_keys, len(found.remarks)) == (None, 1)
    assert fetch.asked[-1] == f"{ROOT}/public-keys/"


def test_ten_thousand_keys_are_not_all_fetched(fetch):
    fetch(listing(b"\n".join(b"%d/" % number for number in range(5000))))
    assert len(fetch.asked) < 80


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path="*/openssh-key", status=404),
        Fault(path="*/openssh-key", status=200, body=b"ssh-dss AAAA"),
        Fault(path="*/openssh-key", status=200, body=b'{"error": 1}'),
        listing(b"<html>"),
    ],
    ids=["none there", "DSA", "JSON", "HTML"],
)
def test_a_list_of_which_nothing_is_usable_says_nothing(fetch, fault):
    found = fetch(fault)
    assert (found.instance_id, found.ssh_keys, len(found.remarks)) == (ID, None, 1)


def test_user_data_is_taken_only_where_it_is_wanted(fetch):
    assert fetch().user_data is None
    assert not [target for target in fetch.asked if "user-data" in target]
    assert fetch(user_data="keep").user_data == VM.user_data
    assert fetch(vm=Instance(ID), user_data="run").user_data is None
    assert fetch(vm=Instance(ID, user_data=gzip.compress(b"#!")), user_data="keep").user_data == b"#!"


@pytest.mark.parametrize("fault", [{"status": 403}, {"status": 302}, {"body": b"\x1f\x8b no gzip"}], ids=str)
def test_bad_user_data_costs_itself_and_a_remark(fetch, fault):
    found = fetch(Fault(path="*/user-data", **fault), user_data="keep")
    assert (found.instance_id, found.ssh_keys, found.user_data) == (ID, VM.ssh_keys, None)
    assert len(found.remarks) == 1


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="Alibaba Cloud", product="Alibaba Cloud ECS"), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood
