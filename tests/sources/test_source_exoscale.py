"""The metadata service of Exoscale, and the password server beside it: two readings, and one acknowledgement."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from support.machine import machine, soon
from support.platforms import KEY, OTHER_KEY, UUID, Platform
from support.sources import Asking, addresses_of, asking, told
from support.timing import LAG

from guestseal.errors import Absent, Denied, Malformed, SourceError, Unreachable
from guestseal.firstboot.metadata import Endpoint, Metadata, Secret
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.exoscale import PASSWORD_PATH, SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.blackhole import BlackHole
from guestseal.simulate.exoscale import Exoscale
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.server import Simulator

HOST, ME = "127.0.0.77", "127.0.0.1"
ROOT = "/1.0/meta-data"
ID = "c2d0f0ab-60bd-4bb6-b4f5-6d0e6b1c9a8a"
PASSWORD = "p@ssw0rd"
VM = Instance(ID, "myname", (f"{KEY} me", f"{OTHER_KEY} you"), PASSWORD, b"#!/bin/sh\n")
FULL = (ID, "myname", VM.ssh_keys, ())
THERE = Firmware(vendor="QEMU", product="Exoscale Compute Platform")
FETCH, SAVED = ("DomU_Request", "send_my_password"), ("DomU_Request", "saved_password")


def platform(instance: Instance, *faults: Fault, host: str = HOST, **options: object) -> Platform:
    """How to simulate it, for the conformance tests."""
    both = Exoscale({"*": instance})
    simulator = Simulator(both.listeners(host, http_port=0, password_port=0), faults).start()
    port = simulator.address_of(both.password_server)[1]
    settings = Settings(
        endpoints=(("exoscale", simulator.url_of(both.metadata)),), **{"password_ports": (port,), **options}
    )
    return Platform(settings, simulator, lambda: both.password_server.pending(ME))


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def about_passwords(fetch: Asking) -> list[str]:
    """What the password server was asked for, in order."""
    asked = [each.header("DomU_Request") for each in fetch.platform.simulator.journal.select(target=PASSWORD_PATH)]
    return [each for each in asked if each is not None]


def test_everything_is_told(fetch):
    found = fetch()
    assert told(found) == FULL
    assert [target for target in fetch.asked if target != PASSWORD_PATH] == [
        f"{ROOT}/instance-id",
        f"{ROOT}/local-hostname",
        f"{ROOT}/public-keys",
    ]
    (port,) = fetch.platform.settings.password_ports
    assert (found.password, found.password_from, found.missing) == (
        Secret(PASSWORD.encode()),
        (Endpoint(HOST, port),),
        (),
    )
    assert addresses_of(SOURCE) == ["169.254.169.254:80"]


def test_a_password_is_asked_twice_and_not_acknowledged(fetch):
    fetch()
    assert about_passwords(fetch) == ["send_my_password"] * 2
    assert fetch.platform.pending()


def test_what_is_missing_is_none(fetch):
    found = fetch(vm=Instance(ID), user_data="keep", firmware=THERE)
    assert told(found) == (ID, None, (), ())
    assert (found.password, found.password_from, found.user_data, found.missing) == (None, (), None, ())


@pytest.mark.parametrize("body", [b"", b"saved_password", b"saved_password\n"], ids=["empty", "saved", "line"])
def test_no_password_is_waiting(fetch, body):
    found = fetch(Fault(header=FETCH, body=body), firmware=THERE)
    assert (found.instance_id, found.password, found.password_from, found.missing) == (ID, None, (), ())


@pytest.mark.parametrize(
    "fault",
    [
        {"body": b"bad_request"},
        {"body": b"HTTP/1.0 200 OK"},
        {"body": b"x\nroot2:pw"},
        {"body": b"<html></html>"},
        {"body": b"x" * 4096},
        {"status": 503},
        {"reset": True},
        {"status": 200, "body": PASSWORD.encode(), "content_length": 4},
    ],
    ids=str,
)
def test_what_is_no_password_leaves_the_metadata_and_may_yet_come(fetch, fault):
    found = fetch(Fault(header=FETCH, **fault), firmware=THERE)
    assert (*told(found), found.password, found.password_from, len(found.missing)) == (*FULL, None, (), 1)
    assert PASSWORD not in found.missing[0]
    assert fetch.platform.pending()


@pytest.mark.parametrize("status", [403, 404])
def test_a_password_server_that_says_no_is_not_asked_again(fetch, status):
    found = fetch(Fault(header=FETCH, status=status), firmware=THERE)
    assert (*told(found), found.password, found.missing) == (*FULL, None, ())


def test_where_the_firmware_names_nobody_no_password_is_missing(fetch):
    assert fetch(Fault(header=FETCH, reset=True)).missing == ()


def test_a_password_that_was_cut_off_once_is_read_again(fetch):
    assert fetch(Fault(header=FETCH, times=1, truncate_after=4)).password == Secret(PASSWORD.encode())


def test_other_ports_may_be_configured(fetch):
    with socket.create_server((HOST, 0)) as held, BlackHole(HOST, 0) as hole:
        closed, silent = held.getsockname()[1], hole.address[1]
        held.close()
        start = time.monotonic()
        found = fetch(password_ports=(closed, silent), firmware=THERE)
    assert time.monotonic() - start < 1.6 + LAG
    assert (*told(found), found.password, len(found.missing)) == (*FULL, None, 2)


def test_two_servers_with_different_passwords(fetch):
    served = platform(Instance(ID, password="another"))
    try:
        (other,) = served.settings.password_ports
        both = platform(VM)
        (port,) = both.settings.password_ports
        settings = Settings(endpoints=both.settings.endpoints, password_ports=(port, other))
        found = SOURCE(machine(firmware=THERE), settings).fetch(soon())
        assert (found.password, found.password_from) == (Secret(PASSWORD.encode()), (Endpoint(HOST, port),))
        assert found.passwords_refused == (Secret(b"another"),)
        assert found.remarks == (f"{Endpoint(HOST, other)}: offers another password; not set",)
        both.close()
    finally:
        served.close()


# Acknowledging


def confirming(*faults: Fault) -> tuple[Platform, Metadata]:
    served = platform(VM, *faults)
    return served, SOURCE(machine(), served.settings).fetch(soon())


def test_the_server_that_offered_the_password_is_told():
    served, found = confirming()
    SOURCE(machine(), served.settings).confirm(found, soon())
    told_last = served.simulator.journal.snapshot()[-1]
    assert (told_last.target, SAVED in told_last.fields) == (PASSWORD_PATH, True)
    assert not served.pending()
    SOURCE(machine(), served.settings).confirm(found, soon())
    served.close()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"hang": True}, Unreachable),
        ({"status": 503}, Unreachable),
        ({"status": 200, "body": b""}, Malformed),
        ({"status": 404}, Absent),
    ],
    ids=["hang", "503", "empty", "404"],
)
def test_an_acknowledgement_that_was_not_taken_is_an_error(fault, error):
    served, found = confirming(Fault(header=SAVED, **fault))
    with pytest.raises(error):
        SOURCE(machine(), served.settings).confirm(found, soon(0.5))
    served.close()


# The tree


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(path="/1.0/*", status=404), Absent),
        (Fault(path="/1.0/*", status=403), Denied),
        (Fault(path="*/instance-id", status=200, body=b""), Malformed),
        (Fault(path="*/instance-id", status=200, body=b'{"error": 1}'), Malformed),
        (Fault(path="*/instance-id", status=200, body=b"<html>"), Malformed),
        (Fault(path="*/instance-id", status=503), Unreachable),
    ],
    ids=["404", "403", "empty", "JSON", "HTML", "503"],
)
def test_without_an_instance_id_nothing_is_believed(fetch, fault, error):
    with pytest.raises(SourceError) as caught:
        fetch(fault)
    assert type(caught.value) is error
    assert fetch.platform.pending()


@pytest.mark.parametrize("body", [b"a;reboot", b"<html>", b'{"error": 1}', b"\xff", b"10.0.0.1"], ids=str)
def test_a_bad_host_name_costs_itself_and_a_remark(fetch, body):
    found = fetch(Fault(path="*/local-hostname", status=200, body=body))
    assert (found.instance_id, found.hostname, found.ssh_keys) == (ID, None, VM.ssh_keys)
    assert len(found.remarks) == 1 and "reboot" not in found.remarks[0]


@pytest.mark.parametrize("body", [b"ssh-dss AAAA", b'{"error": 1}', b"0=me\n"], ids=["DSA", "JSON", "EC2's list"])
def test_bad_keys_cost_themselves_and_a_remark(fetch, body):
    found = fetch(Fault(path="*/public-keys", status=200, body=body))
    assert (found.instance_id, found.hostname, found.ssh_keys) == (ID, "myname", None)
    assert len(found.remarks) == 1 and "AAAA" not in found.remarks[0]


def test_user_data_is_taken_only_where_it_is_wanted(fetch):
    assert fetch().user_data is None
    assert "/1.0/user-data" not in fetch.asked
    assert fetch(user_data="keep").user_data == VM.user_data


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (THERE, Likelihood.LIKELY),
        (Firmware(vendor="QEMU", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood
