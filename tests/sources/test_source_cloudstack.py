"""The virtual router: every candidate from every address, what is believed, and what is told back."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from support.machine import FakeNetwork, HangingLookup, interface, machine, soon
from support.platforms import KEY, OTHER_KEY, PASSWORD, UUID, WEB, Platform, start_routers
from support.timing import LAG
from support.virtual_router import FETCH, NIC, ROUTER, SAVED, SECOND, SECOND_NIC, endpoint, fetch, source

from guestseal.errors import Absent, Denied, Malformed, SourceError, Unreachable
from guestseal.firstboot.metadata import Metadata, Secret
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.cloudstack import SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.machine.network import Gateway
from guestseal.settings import Settings
from guestseal.simulate.blackhole import BlackHole
from guestseal.simulate.faults import Chunks, Fault
from guestseal.simulate.instance import Instance


def test_a_router_tells_everything(routers):
    made = routers()
    assert fetch(made) == Metadata(
        source="cloudstack",
        address=f"{ROUTER}:{made.metadata_port} from {NIC}",
        instance_id=UUID,
        hostname="web",
        ssh_keys=(f"{KEY} me", f"{OTHER_KEY} you"),
        password=Secret(PASSWORD.encode()),
        password_from=(endpoint(made),),
    )


def test_a_password_is_asked_twice_with_the_exact_header_and_never_acknowledged(routers):
    made = routers()
    fetch(made)
    asked = made.simulator.journal.select(port=made.password_port)
    assert [FETCH in exchange.fields for exchange in asked] == [True, True]
    assert made.by_host[ROUTER].pending(NIC)


def test_a_machine_without_anything_set(routers):
    made = routers(**{ROUTER: {"*": Instance(UUID)}})
    found = fetch(made)
    assert (found.hostname, found.ssh_keys, found.password, found.password_from, found.remarks) == (
        None,
        (),
        None,
        (),
        (),
    )


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param(Fault(status=404), Absent, id="T15"),
        pytest.param(Fault(status=403), Denied, id="403"),
        pytest.param(Fault(status=500), Unreachable, id="T16-500"),
        pytest.param(Fault(status=503, headers=(("Retry-After", "86400"),)), Unreachable, id="T16-503"),
        pytest.param(Fault(status=429), Unreachable, id="T16-429"),
        pytest.param(Fault(hang=True), Unreachable, id="T4"),
        pytest.param(Fault(byte_delay=0.1), Unreachable, id="T5"),
        pytest.param(Fault(reset=True), Unreachable, id="T6"),
        pytest.param(Fault(content_length=9999), Unreachable, id="T7"),
        pytest.param(Fault(chunked=Chunks.BROKEN), Malformed, id="T9"),
        pytest.param(Fault(raw=b"hello\r\n"), Malformed, id="T10"),
        pytest.param(Fault(header_flood=10_000), Malformed, id="T12"),
        pytest.param(Fault(body_size=10 << 30), Malformed, id="T13"),
        pytest.param(Fault(status=302, headers=(("Location", "http://127.0.0.1/"),)), Malformed, id="T22"),
        pytest.param(Fault(status=200, body=b"<html>hi</html>"), Malformed, id="T23"),
        pytest.param(Fault(status=200, body=b'{"error": "no"}'), Malformed, id="T24"),
        pytest.param(Fault(status=200, body=b""), Malformed, id="empty"),
    ],
)
def test_a_router_that_misbehaves_has_a_typed_error(routers, fault, error):
    start = time.monotonic()
    with pytest.raises(SourceError) as caught:
        fetch(routers(fault), seconds=0.5)
    assert type(caught.value) is error
    assert time.monotonic() - start < 1.0 + LAG


def test_closed_ports_are_told_at_once(routers):
    made = routers()
    made.simulator.close()
    start = time.monotonic()
    with pytest.raises(Unreachable, match="refused"):
        fetch(made)
    assert time.monotonic() - start < 0.5 + LAG


def test_a_black_hole_does_not_hold_up_a_good_router(routers):
    made = routers()
    with BlackHole("127.0.0.23", made.metadata_port), BlackHole("127.0.0.23", made.password_port):
        start = time.monotonic()
        found = fetch(made, "127.0.0.23", ROUTER, seconds=10)
        assert time.monotonic() - start < 1.6 + LAG
    assert (found.instance_id, found.password) == (UUID, Secret(PASSWORD.encode()))


def test_only_black_holes_cost_no_more_than_the_deadline(routers):
    made = routers()
    with BlackHole("127.0.0.23", made.metadata_port), BlackHole("127.0.0.23", made.password_port):
        asked = source(made, "127.0.0.23")
        start = time.monotonic()
        with pytest.raises(Unreachable):
            asked.fetch(soon(0.5))
        assert 0.4 < time.monotonic() - start < 0.9 + LAG
    assert {(each.address.split(":")[0], each.answer) for each in asked.attempts} >= {("127.0.0.23", "timed out")}


def test_no_candidate_at_all_may_change_later(routers):
    made = routers()
    asked = SOURCE(machine(), made.settings(routers=()))
    with pytest.raises(Unreachable, match="no router is known"):
        asked.fetch(soon(0.5))


# Candidates


def test_the_dhcp_server_of_a_lease_is_a_candidate(routers, tmp_path: Path):
    made = routers()
    leases = tmp_path / "run/systemd/netif/leases"
    leases.mkdir(parents=True)
    (leases / "2").write_text(f"ADDRESS={NIC}\nSERVER_ADDRESS={ROUTER}\n")
    asked = source(made, routers=())
    asked.machine.root_directory = str(tmp_path)
    assert asked.fetch(soon()).instance_id == UUID


def test_the_gateway_is_a_candidate(routers):
    made = routers()
    network = FakeNetwork(gateways=[Gateway(ROUTER, "lo")])
    assert fetch(made, network=network, routers=()).instance_id == UUID


def test_the_name_data_server_is_a_candidate(routers):
    made = routers()
    asked: list[str] = []
    network = FakeNetwork(lookup=lambda name: asked.append(name) or [ROUTER])
    assert fetch(made, network=network, routers=()).instance_id == UUID
    assert asked == ["data-server."]


def test_a_configured_name_is_looked_up(routers):
    made = routers()
    network = FakeNetwork(lookup=lambda name: [ROUTER] if name == "router.test" else [])
    assert fetch(made, "router.test", network=network).instance_id == UUID


def test_a_name_server_that_hangs_holds_nobody_up(routers):
    made = routers()
    lookup = HangingLookup()
    network = FakeNetwork(lookup=lookup)
    start = time.monotonic()
    assert fetch(made, network=network, seconds=5).instance_id == UUID
    assert time.monotonic() - start < 0.8 + LAG
    lookup.release.set()


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "2606:2800:220:1::1", "0.0.0.0", "8.8.8.8"],
    ids=["T29", "T29-v6", "T29-zero", "T29-dns"],
)
def test_a_stranger_under_the_name_is_never_asked(routers, address):
    # Nothing is sent to it, so the test sends nothing there either.
    made = routers()
    asked = source(made, network=FakeNetwork(lookup={"data-server.": [address]}.__getitem__), routers=())
    with pytest.raises(Unreachable, match="no router is known"):
        asked.fetch(soon(0.5))
    assert asked.attempts == ()


def test_the_same_router_by_several_ways_is_asked_once(routers):
    made = routers()
    network = FakeNetwork(gateways=[Gateway(ROUTER, "lo")], lookup={"data-server.": [ROUTER]}.__getitem__)
    fetch(made, ROUTER, network=network)
    assert made.simulator.journal.targets().count("/latest/meta-data/instance-id") == 1


def test_a_router_is_asked_from_every_address(routers):
    made = routers(**{ROUTER: {SECOND_NIC: WEB}})
    network = FakeNetwork([interface(NIC, SECOND_NIC)])
    found = fetch(made, network=network)
    assert (found.address, found.password_from) == (
        f"{ROUTER}:{made.metadata_port} from {SECOND_NIC}",
        (endpoint(made, nic=SECOND_NIC),),
    )
    assert {exchange.source for exchange in made.simulator.journal} == {NIC, SECOND_NIC}


def test_other_ports_may_be_configured(routers):
    made = routers()
    with socket.create_server((ROUTER, 0)) as listener:
        closed = listener.getsockname()[1]
    ports = {"metadata_ports": (closed, made.metadata_port), "password_ports": (closed, made.password_port)}
    found = fetch(made, **ports)
    assert (found.instance_id, found.password_from) == (UUID, (endpoint(made),))


# Acknowledging


def test_only_those_who_offered_the_password_are_told(routers):
    made = routers(**{ROUTER: {"*": WEB}, SECOND: {"*": Instance(UUID, "web", password="another")}})
    asked = source(made, ROUTER, SECOND)
    found = asked.fetch(soon())
    made.simulator.journal.clear()
    asked.confirm(found, soon())
    (told,) = made.simulator.journal.snapshot()
    assert (told.listener, told.source, SAVED in told.fields) == ((ROUTER, made.password_port), NIC, True)
    assert made.by_host[SECOND].pending(NIC)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"hang": True}, Unreachable),
        ({"reset": True, "acts": True}, Unreachable),
        ({"status": 503}, Unreachable),
        ({"status": 200, "body": b""}, Malformed),
        ({"status": 200, "body": b"bad_request"}, Malformed),
        ({"status": 404}, Absent),
    ],
    ids=["P16-hang", "P16-reset", "P16-503", "P16-empty", "P16-bad", "P16-404"],
)
def test_an_acknowledgement_that_was_not_taken_is_an_error(routers, fault, error):
    made = routers(Fault(header=SAVED, **fault))
    asked = source(made)
    found = asked.fetch(soon())
    start = time.monotonic()
    with pytest.raises(error):
        asked.confirm(found, soon(0.5))
    assert time.monotonic() - start < 0.9 + LAG


def test_acknowledging_again_is_harmless(routers):
    made = routers()
    asked = source(made)
    found = asked.fetch(soon())
    asked.confirm(found, soon())
    asked.confirm(found, soon())
    assert asked.fetch(soon()).password is None


def test_one_router_that_is_gone_does_not_keep_the_other_from_being_told(routers):
    made = routers(Fault(header=SAVED, source=NIC, reset=True, times=1), **{ROUTER: {"*": WEB}, SECOND: {"*": WEB}})
    asked = source(made, ROUTER, SECOND)
    found = asked.fetch(soon())
    with pytest.raises(Unreachable):
        asked.confirm(found, soon())
    assert [made.by_host[host].pending(NIC) for host in (ROUTER, SECOND)].count(True) == 1


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="Apache Software Foundation", product="CloudStack KVM Hypervisor"), Likelihood.LIKELY),
        (Firmware(product="CloudStack KVM Hypervisor"), Likelihood.LIKELY),
        (Firmware(vendor="ABLECLOUD CO.LTD", product="ABLESTACK CELL Hypervisor"), Likelihood.LIKELY),
        (Firmware(vendor="ABLECLOUD CO.LTD", product="anything"), Likelihood.LIKELY),
        (Firmware(vendor="anything", product="ABLESTACK"), Likelihood.LIKELY),
        (Firmware(vendor="Apache Software Foundation", uuid="ec2c9a8a-0000-4000-8000-000000000002"), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", product="Standard PC (Q35 + ICH9, 2009)"), Likelihood.POSSIBLE),
        (Firmware(vendor="VMware, Inc."), Likelihood.POSSIBLE),
        (Firmware(), Likelihood.POSSIBLE),
        (Firmware(vendor="Amazon EC2"), Likelihood.UNLIKELY),
        (Firmware(vendor="Google"), Likelihood.UNLIKELY),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood


def platform(instance: Instance, *faults: Fault) -> Platform:
    """How to simulate it, for the conformance tests."""
    made = start_routers({"127.0.0.41": {"*": instance}}, faults)
    return Platform(made.settings(), made.simulator, lambda: made.by_host["127.0.0.41"].pending("127.0.0.1"))
