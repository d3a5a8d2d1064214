"""The simulator itself: addresses, journal, bounds on requests, crowds, and an end that never waits."""

from __future__ import annotations

import resource
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from guestseal.simulate.blackhole import BlackHole
from guestseal.simulate.ec2 import MetadataService
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.router import VirtualRouter
from guestseal.simulate.server import Simulator
from guestseal.simulate.wire import LARGEST_BODY, LONGEST_LINE, MOST_HEADERS

ID = "/latest/meta-data/instance-id"


@pytest.fixture
def service():
    return MetadataService({"*": Instance("i-1")})


@pytest.fixture
def address(simulate, service):
    return simulate({("127.0.0.1", 0): service}).address_of(service)


def test_several_addresses_and_families(simulate, service, fetch):
    router = VirtualRouter({"::1": Instance("six")})
    simulator = simulate({("127.0.0.2", 0): service, ("::1", 0): router.metadata})
    assert simulator.address_of(("127.0.0.2", 0)) == simulator.address_of(service)
    assert simulator.url_of(router.metadata).startswith("http://[::1]:")
    assert fetch(simulator.address_of(service), ID).body == b"i-1"
    assert fetch(simulator.address_of(router.metadata), ID).body == b"six"


def test_addresses_must_be_one_and_known(simulate, service):
    simulator = simulate([(("127.0.0.1", 0), service), (("127.0.0.2", 0), service)])
    assert [host for host, _ in simulator.addresses_of(service)] == ["127.0.0.1", "127.0.0.2"]
    for wanted in (service, ("127.0.0.9", 80)):
        with pytest.raises(LookupError):
            simulator.address_of(wanted)


def test_address_in_use_is_named_and_nothing_stays_open(address, service):
    simulator = Simulator([(("127.0.0.9", 0), service), (address, service)])
    with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {address[1]}"):
        simulator.start()
    assert simulator.addresses_of(service) == ()


def test_started_twice_is_refused_closed_twice_is_fine(service):
    simulator = Simulator({("127.0.0.1", 0): service})
    with simulator, pytest.raises(RuntimeError):
        simulator.start()
    simulator.close()


def test_can_be_started_again_at_the_same_address(service, fetch):
    with Simulator({("127.0.0.3", 0): service}) as first:
        at = first.address_of(service)
        assert fetch(at, ID).status == 200
    with Simulator({at: service}):
        assert fetch(at, ID).status == 200


def test_journal_tells_who_asked_what_and_how_it_ended(simulate, service, fetch):
    ticks = iter(range(100, 200))
    simulator = simulate({("127.0.0.1", 0): service}, clock=lambda: float(next(ticks)))
    at = simulator.address_of(service)
    fetch(at, ID, {"DomU_Request": "x"}, source="127.0.0.7")
    fetch(at, "/nothing?a=1", method="HEAD")
    one, two = simulator.journal
    assert (one.when, one.source, one.listener, one.method, one.target) == (1.0, "127.0.0.7", at, "GET", ID)
    assert (one.status, one.headers["domu_request"], one.header("DOMU_REQUEST")) == (200, "x", "x")
    assert ("DomU_Request", "x") in one.fields
    assert one.source_port > 0
    assert one.sent > len(b"i-1")
    assert (two.when, two.method, two.status) == (2.0, "HEAD", 404)
    assert simulator.journal.targets() == [ID, "/nothing?a=1"]
    assert simulator.journal.select(method="HEAD") == (two,)
    assert simulator.journal.select(source="127.0.0.7", port=at[1], where=lambda item: item.status == 200) == (one,)
    simulator.journal.clear()
    assert len(simulator.journal) == 0


def test_journal_has_request_bodies_but_no_password(simulate, fetch):
    router = VirtualRouter({"*": Instance("i-1", password="hunter2")})
    simulator = simulate(router.listeners("127.0.0.1", http_port=0, password_port=0))
    at = simulator.address_of(router.password_server)
    assert fetch(at, "/", {"DomU_Request": "send_my_password"}).body == b"hunter2"
    with socket.create_connection(at, timeout=5) as connection:
        connection.sendall(b"PUT / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody")
        connection.recv(10)
    assert [item.body for item in simulator.journal] == [b"", b"body"]
    assert "hunter2" not in str([vars(item) for item in simulator.journal])


def test_journal_knows_a_request_that_is_still_hanging(simulate, service):
    simulator = simulate({("127.0.0.1", 0): service}, [Fault(truncate_after=0, hang=True)])
    with socket.create_connection(simulator.address_of(service), timeout=5) as connection:
        connection.sendall(f"GET {ID} HTTP/1.1\r\n\r\n".encode())
        assert connection.recv(8) == b"HTTP/1.1"
        assert simulator.journal.targets() == [ID]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00 tls\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA : blank before the colon\r\n\r\n", 400),
        (b"GET /" + b"x" * LONGEST_LINE + b" HTTP/1.1\r\n\r\n", 414),
        (b"G" * 100_000, 414),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * LONGEST_LINE + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: 1\r\n" * (MOST_HEADERS + 1) + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: 1\r\n" * 50_000, 431),
        (b"PUT / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (LARGEST_BODY + 1), 413),
        (b"PUT / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else str(value),
)
def test_requests_are_bounded(address, converse, request_, status):
    assert converse(address, request_).split(b" ")[1] == str(status).encode()


def test_request_in_pieces(address):
    with socket.create_connection(address, timeout=5) as connection:
        for piece in (b"GET ", ID.encode(), b" HTTP/1.1\r\nHo", b"st: x\r", b"\n\r", b"\n"):
            connection.sendall(piece)
        assert connection.recv(15) == b"HTTP/1.1 200 OK"


def test_a_client_that_does_not_ask_is_sent_away(simulate, service, converse):
    simulator = simulate({("127.0.0.1", 0): service}, request_timeout=0.1)
    assert converse(simulator.address_of(service), b"GET ").startswith(b"HTTP/1.1 408 ")


def test_a_probe_of_the_port_leaves_no_trace(simulate, service, fetch):
    simulator = simulate({("127.0.0.1", 0): service})
    at = simulator.address_of(service)
    socket.create_connection(at, timeout=5).close()
    fetch(at, ID)
    assert simulator.journal.targets() == [ID]


@pytest.fixture
def many_descriptors():
    """Both ends of 500 connections are more than the usual soft limit of 1024 leaves room for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_descriptors")
def test_five_hundred_clients_at_once(simulate, service):
    simulator = simulate({("127.0.0.1", 0): service}, [Fault(delay=0.3)])
    clients = [socket.create_connection(simulator.address_of(service), timeout=20) for _ in range(500)]
    begin = time.monotonic()
    for client in clients:
        client.sendall(f"GET {ID} HTTP/1.1\r\n\r\n".encode())
    answers = []
    for client in clients:
        with client, client.makefile("rb") as stream:
            answers.append(stream.read())
    assert all(answer.endswith(b"\r\n\r\ni-1") for answer in answers)
    assert time.monotonic() - begin < 5  # one after the other would be 150 s


def test_closing_ends_everything_at_once(service):
    before = threading.active_count()
    simulator = Simulator({("127.0.0.1", 0): service}, [Fault(hang=True)]).start()
    at = simulator.address_of(service)
    clients = [socket.create_connection(at, timeout=5) for _ in range(20)]
    for client in clients[:10]:
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
    begin = time.monotonic()
    simulator.close()
    assert time.monotonic() - begin < 1
    assert threading.active_count() == before
    for client in clients:
        with client:
            # A RST where the request was not read yet, a FIN where it was: an end in either case.
            try:
                assert client.recv(1) == b""
            except ConnectionResetError:
                continue
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(at, timeout=5)


def test_closing_during_a_slow_answer(service):
    with Simulator({("127.0.0.1", 0): service}, [Fault(byte_delay=60)]) as simulator:
        client = socket.create_connection(simulator.address_of(service), timeout=5)
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        begin = time.monotonic()
    assert time.monotonic() - begin < 1
    client.close()


class Broken:
    """A service with a defect."""

    def answer(self, request):
        raise ZeroDivisionError(request.target)


def test_what_a_service_raises_comes_out_of_close(converse):
    broken = Broken()
    simulator = Simulator({("127.0.0.1", 0): broken}).start()
    assert converse(simulator.address_of(broken)) == b""
    with pytest.raises(ZeroDivisionError, match="/"):
        simulator.close()
    simulator.close()


def test_faults_and_journal_are_safe_to_use_while_serving(simulate, service, fetch):
    simulator = simulate({("127.0.0.1", 0): service})
    at = simulator.address_of(service)
    with ThreadPoolExecutor(8) as pool:
        results = [pool.submit(fetch, at, ID) for _ in range(100)]
        for _ in range(50):
            simulator.add_fault(Fault(path="/other", status=500))
            simulator.journal.snapshot()
            simulator.clear_faults()
    assert {item.result().status for item in results} == {200}
    assert len(simulator.journal) == 100


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_black_hole_does_not_answer_a_syn(host):
    with BlackHole(host) as hole, pytest.raises(socket.timeout):
        socket.create_connection(hole.address, timeout=0.3)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(hole.address, timeout=5)
