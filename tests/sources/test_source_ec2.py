"""The EC2 metadata service: tokens or none, listings as odd as real ones, two addresses of one service."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from support.machine import machine, soon
from support.platforms import KEY, OTHER_KEY, UUID, Platform, ec2_settings, serving
from support.timing import LAG

from guestseal.errors import Absent, Denied, Malformed, SourceError, Unreachable, UsageError
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.ec2 import SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.blackhole import BlackHole
from guestseal.simulate.ec2 import TOKEN_HEADER, TOKEN_PATH, MetadataService, Tokens
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.server import Simulator

HOST = "127.0.0.31"
ID = "i-0123456789abcdef0"
VM = Instance(ID, "ip-10-0-0-1.eu.compute.internal", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"#!/bin/sh\n")
FULL = Metadata("ec2", "", ID, hostname="ip-10-0-0-1.eu.compute.internal", ssh_keys=(f"{KEY} me", f"{OTHER_KEY} you"))
ROOT = "/2009-04-04/meta-data"


class Service:
    """One simulated service, the source that asks it, and what was asked."""

    def __init__(self, simulator: Simulator, service: MetadataService, **options: object) -> None:
        self.simulator, self.service = simulator, service
        self.source = SOURCE(machine(), ec2_settings(simulator, service, **options))

    def fetch(self, seconds: float = 3.0) -> Metadata:
        return self.source.fetch(soon(seconds))

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [(exchange.method, exchange.target) for exchange in self.simulator.journal]


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    with ExitStack() as stack:

        def start(
            *faults: Fault, vm: Instance = VM, token: Tokens = Tokens.OPTIONAL, host: str = HOST, **options: object
        ):
            service = MetadataService({"*": vm}, token=token)
            simulator = stack.enter_context(Simulator({(host, 0): service}, faults))
            return Service(simulator, service, **options)

        yield start


def told(found: Metadata) -> tuple[object, ...]:
    return (found.instance_id, found.hostname, found.ssh_keys, found.remarks)


@pytest.mark.parametrize("token", list(Tokens), ids=lambda each: each.value)
def test_everything_is_told_with_tokens_and_without(serve, token):
    served = serve(token=token)
    assert told(served.fetch()) == told(FULL)
    with_token = [TOKEN_HEADER.lower() in exchange.headers for exchange in served.simulator.journal][1:]
    assert all(with_token) if token is not Tokens.ABSENT else not any(with_token)


def test_what_is_asked_is_what_is_needed(serve):
    served = serve()
    served.fetch()
    assert served.asked == [
        ("PUT", TOKEN_PATH),
        ("GET", f"{ROOT}/instance-id"),
        ("GET", f"{ROOT}/local-hostname"),
        ("GET", f"{ROOT}/public-keys/"),
        ("GET", f"{ROOT}/public-keys/0/openssh-key"),
        ("GET", f"{ROOT}/public-keys/1/openssh-key"),
    ]


def test_a_machine_without_keys_and_name(serve):
    assert told(serve(vm=Instance(ID)).fetch()) == (ID, None, (), ())


def test_a_service_that_forbids_the_token_is_asked_nothing_more(serve):
    served = serve(Fault(path=TOKEN_PATH, status=403))
    start = time.monotonic()
    with pytest.raises(Denied):
        served.fetch(30)
    assert time.monotonic() - start < 0.5 + LAG
    assert served.asked == [("PUT", TOKEN_PATH)]


NO_TOKEN = [
    pytest.param({"status": 404}, id="T20-404"),
    pytest.param({"status": 405}, id="T20-405"),
    pytest.param({"status": 501}, id="T20-501"),
    pytest.param({"status": 400}, id="400"),
    pytest.param({"status": 200, "body": b""}, id="T21-empty"),
    pytest.param({"status": 200, "body": b"<html>token</html>"}, id="T21-html"),
    pytest.param({"status": 200, "body": b"abc\r\nX-Injected: yes"}, id="T21-injection"),
    pytest.param({"status": 200, "body": b"abc\ndef"}, id="T21-lines"),
    pytest.param({"status": 200, "body": b"abc def"}, id="T21-blank"),
    pytest.param({"status": 200, "body": b"\xff\xfe"}, id="T21-binary"),
    pytest.param({"status": 200, "body_size": 1 << 20}, id="T21-huge"),
    pytest.param({"status": 302, "headers": (("Location", "http://127.0.0.1:1/"),)}, id="T22"),
]


@pytest.mark.parametrize("fault", NO_TOKEN)
def test_without_a_token_the_first_version_is_used(serve, fault):
    served = serve(Fault(path=TOKEN_PATH, **fault))
    assert told(served.fetch()) == told(FULL)
    assert not any("x-" in name for exchange in served.simulator.journal.snapshot()[1:] for name in exchange.headers)


@pytest.mark.parametrize("fault", NO_TOKEN)
def test_a_token_may_be_required(serve, fault):
    served = serve(Fault(path=TOKEN_PATH, **fault), ec2_token="require")
    with pytest.raises(Malformed, match="ec2-token requires"):
        served.fetch()
    assert len(served.asked) == 1


def test_a_forgotten_token_is_renewed_once(serve):
    served = serve(Fault(path="*/public-keys/", status=401, times=1), token=Tokens.REQUIRED)
    assert told(served.fetch()) == told(FULL)
    assert served.asked.count(("PUT", TOKEN_PATH)) == 2


def test_a_service_that_takes_no_token_is_denied(serve):
    served = serve(Fault(method="GET", status=401))
    with pytest.raises(Denied):
        served.fetch()
    assert served.asked.count(("PUT", TOKEN_PATH)) == 2


def test_a_service_without_old_versions():
    service = MetadataService({"*": VM}, versions=("latest",))
    with Simulator({(HOST, 0): service}) as simulator:
        assert told(Service(simulator, service).fetch()) == told(FULL)


@pytest.mark.parametrize(
    "listing",
    [
        b"0=me\n1=you",
        b"0=me\r\n1=you\r\n",
        b"0=my key\n1=a/b",
        b"0=a=b=c\n1=",
        "0=\uc5f4\uc1e0\n1=yourkeyname,e".encode(),
        b"0=me\n0=me\n1=you\n",
        b"garbage\n0=me\n-1=x\n1=you\n99999=far\n=none",
    ],
    ids=["plain", "crlf", "K10-blank", "K10-equals", "K10-unicode", "twice", "garbage"],
)
def test_keys_are_fetched_by_index_whatever_they_are_called(serve, listing):
    served = serve(Fault(path="*/public-keys/", status=200, body=listing))
    assert served.fetch().ssh_keys == FULL.ssh_keys


def test_gaps_in_the_list(serve):
    vm = Instance(
        ID, extra={"public-keys/3/openssh-key": f"{KEY} me\n{OTHER_KEY} you\n", "public-keys/7/openssh-key": KEY}
    )
    served = serve(Fault(path="*/public-keys/5/*", status=404), vm=vm)
    served.simulator.add_fault(Fault(path="*/public-keys/", status=200, body=b"3=a\n5=b\n7=c\n"))
    assert served.fetch().ssh_keys == FULL.ssh_keys


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path="*/public-keys/", status=200, body=KEY.encode()),
        Fault(path="*/openssh-key", status=404),
        Fault(path="*/openssh-key", status=200, body=b"-----BEGIN RSA PRIVATE KEY-----\nAAAA"),
        Fault(path="*/openssh-key", status=200, body=b'{"error": 1}'),
    ],
    ids=["no list", "none there", "K8", "T24"],
)
def test_a_list_of_which_nothing_is_usable_says_nothing(serve, fault):
    found = serve(fault).fetch()
    assert found.ssh_keys is None
    assert len(found.remarks) == 1


def test_ten_thousand_keys_are_not_all_fetched(serve):
    listing = "\n".join(f"{number}=k" for number in range(5000)).encode()
    served = serve(Fault(path="*/public-keys/", status=200, body=listing))
    assert served.fetch().ssh_keys == FULL.ssh_keys
    assert len(served.asked) < 80


@pytest.mark.parametrize(
    ("faults", "hostname"),
    [
        ([Fault(path="*/local-hostname", status=200, body=b"10.0.0.1")], "ip-10-0-0-1"),
        ([Fault(path="*/local-hostname", status=404)], FULL.hostname),
        ([Fault(path="*hostname", status=404)], None),
        ([Fault(path="*/local-hostname", status=200, body=b"localhost")], None),
        ([Fault(path="*/local-hostname", status=200, body=b"<html>")], None),
    ],
    ids=["H7", "other name", "none", "H1", "T23"],
)
def test_the_host_name(serve, faults, hostname):
    assert serve(*faults).fetch().hostname == hostname


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param(Fault(status=404), Absent, id="T15"),
        pytest.param(Fault(status=503, headers=(("Retry-After", "3600"),)), Unreachable, id="T16"),
        pytest.param(Fault(status=429), Unreachable, id="T16-429"),
        pytest.param(Fault(hang=True), Unreachable, id="T4"),
        pytest.param(Fault(byte_delay=0.1), Unreachable, id="T5"),
        pytest.param(Fault(method="GET", truncate_after=3, reset=True), Unreachable, id="T6"),
        pytest.param(Fault(method="GET", content_length=999), Unreachable, id="T7"),
        pytest.param(Fault(raw=b"garbage\r\n\r\n"), Malformed, id="T10"),
        pytest.param(Fault(header_flood=10_000), Malformed, id="T12"),
        pytest.param(Fault(method="GET", body_size=10 << 30), Malformed, id="T13"),
        pytest.param(Fault(status=301, headers=(("Location", "file:///etc/passwd"),)), Malformed, id="T22"),
        pytest.param(Fault(status=200, body=b"<html>login</html>"), Malformed, id="T23"),
        pytest.param(Fault(status=200, body=b'{"error": "x"}'), Malformed, id="T24"),
        pytest.param(Fault(path="*/instance-id", status=200, body=b""), Malformed, id="empty"),
    ],
)
def test_a_service_that_misbehaves_has_a_typed_error(serve, fault, error):
    within = 0.5 if error is Unreachable else 5.0  # what answers is not waited for
    start = time.monotonic()
    with pytest.raises(SourceError) as caught:
        serve(fault).fetch(within)
    assert type(caught.value) is error
    assert time.monotonic() - start < within + 1


def test_ipv6_alone_is_enough(serve):
    served = serve(host="::1")
    with BlackHole() as hole:
        urls = (f"http://127.0.0.1:{hole.address[1]}", served.simulator.url_of(served.service))
        start = time.monotonic()
        found = SOURCE(machine(), Settings(endpoints=tuple(("ec2", url) for url in urls))).fetch(soon(10))
        assert time.monotonic() - start < 5
    assert found.address.startswith("[::1]:")


def test_a_no_of_one_address_is_the_services(serve):
    served = serve(Fault(path=TOKEN_PATH, status=403))
    urls = ("http://127.0.0.1:1", served.simulator.url_of(served.service))
    source = SOURCE(machine(), Settings(endpoints=tuple(("ec2", url) for url in urls)))
    with pytest.raises(Denied):
        source.fetch(soon())
    assert {attempt.answer for attempt in source.attempts} == {"connection refused", "status 403"}


def test_credentials_are_never_fetched_and_user_data_only_where_it_is_wanted(serve):
    served = serve(vm=Instance(ID, user_data=b"x", extra={"iam/security-credentials/role": "{}"}))
    assert served.fetch().user_data is None
    assert not [target for _, target in served.asked if "user-data" in target or "iam" in target]
    served = serve(vm=Instance(ID, user_data=b"x"), user_data="keep")
    assert served.fetch().user_data == b"x"
    assert served.asked[-1] == ("GET", "/2009-04-04/user-data")


@pytest.mark.parametrize("body", [b"#!/bin/sh\n", gzip.compress(b"#!/bin/sh\n")], ids=["plain", "gzip"])
def test_user_data_comes_with_and_without_a_token(serve, body):
    for token in Tokens:
        served = serve(vm=Instance(ID, user_data=body), token=token, user_data="run")
        assert served.fetch().user_data == b"#!/bin/sh\n"


def test_no_user_data_is_none(serve):
    found = serve(vm=Instance(ID), user_data="run").fetch()
    assert (found.user_data, found.remarks) == (None, ())


@pytest.mark.parametrize(
    "fault",
    [{"status": 403}, {"status": 302}, {"body_size": 17 << 20}, {"body": b"\x1f\x8b no gzip"}, {"raw": b"no HTTP\r\n"}],
    ids=["403", "302", "huge", "no gzip", "no HTTP"],
)
def test_bad_user_data_costs_itself_and_a_remark(serve, fault):
    found = serve(Fault(path="*/user-data", **fault), user_data="keep").fetch()
    assert (found.instance_id, found.ssh_keys, found.user_data) == (ID, FULL.ssh_keys, None)
    assert len(found.remarks) == 1 and found.remarks[0].startswith("user data: ")


def test_user_data_that_was_cut_off_is_asked_for_again(serve):
    with pytest.raises(Unreachable):
        serve(Fault(path="*/user-data", truncate_after=3, reset=True), user_data="keep").fetch()


def test_an_address_that_is_no_url_is_refused():
    with pytest.raises(UsageError, match="endpoints: ec2"):
        SOURCE(machine(), Settings(endpoints=(("ec2", "https://127.0.0.1"),)))


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="Amazon EC2"), Likelihood.LIKELY),
        (Firmware(vendor="Xen", uuid="ec2ae145-d1dc-13b2-94ed-012345abcdef"), Likelihood.LIKELY),
        (Firmware(vendor="Xen", uuid="45e12aec-dcd1-b213-94ed-012345abcdef"), Likelihood.LIKELY),
        (Firmware(chassis_tag="123.zstack.io"), Likelihood.LIKELY),
        (Firmware(serial="srv.gb1.brightbox.com"), Likelihood.LIKELY),
        (Firmware(vendor="OpenStack Foundation", product="OpenStack Nova"), Likelihood.POSSIBLE),
        (Firmware(uuid=UUID), Likelihood.POSSIBLE),
        (Firmware(), Likelihood.POSSIBLE),
        (Firmware(vendor="ABLECLOUD CO.LTD", uuid="ec2ae145-d1dc-13b2-94ed-012345abcdef"), Likelihood.UNLIKELY),
        (Firmware(vendor="DigitalOcean"), Likelihood.UNLIKELY),
        (Firmware(chassis_tag="OracleCloud.com"), Likelihood.UNLIKELY),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood


def platform(instance: Instance, *faults: Fault) -> Platform:
    """How to simulate it, for the conformance tests."""
    return serving("ec2", MetadataService({"*": instance}), *faults, host="127.0.0.42")
