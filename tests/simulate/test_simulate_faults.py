"""Every kind of fault, seen on the wire; which requests it takes; and what the service gets to see."""

from __future__ import annotations

import http.client
import socket
import struct
import time

import pytest

from guestseal.simulate.faults import Chunks, Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.router import VirtualRouter
from guestseal.simulate.service import Request, Response

ASK = b"GET /item HTTP/1.1\r\nHost: x\r\n\r\n"
GIGABYTES_10 = 10 * 1024**3


class Greeter:
    """Always the same answer; counts what it was asked."""

    def __init__(self):
        self.asked = 0

    def answer(self, request: Request) -> Response:
        self.asked += 1
        return Response(200, b"good morning", headers=(("Content-Type", "text/plain"),))


@pytest.fixture
def greeter():
    return Greeter()


@pytest.fixture
def spoil(simulate, greeter):
    """Start the greeter with faults; returns its address."""
    return lambda *faults: simulate({("127.0.0.1", 0): greeter}, faults).address_of(greeter)


def split(answer: bytes) -> tuple[list[str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode().split("\r\n"), body


def reset_of(address) -> bytes:
    """The bytes received before a RST."""
    received = b""
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(ASK)
        with pytest.raises(ConnectionResetError):
            while more := connection.recv(4096):
                received += more
            pytest.fail("a FIN, not a RST")
    return received


def test_without_fault_the_service_answers(spoil, converse):
    head, body = split(converse(spoil(), ASK))
    assert head == ["HTTP/1.1 200 OK", "Content-Type: text/plain", "Content-Length: 12", "Connection: close"]
    assert body == b"good morning"


def test_status_with_its_error_page(spoil, converse, greeter):
    head, body = split(converse(spoil(Fault(status=503)), ASK))
    assert head[:2] == ["HTTP/1.1 503 Service Unavailable", "Content-Type: text/html"]
    assert b"<h1>503 Service Unavailable</h1>" in body
    assert greeter.asked == 0


def test_status_reason_headers_and_body(spoil, converse):
    fault = Fault(status=302, reason="Elsewhere", headers=(("Location", "file:///etc/shadow"), ("A", "1"), ("A", "2")))
    head, body = split(converse(spoil(fault), ASK))
    assert (head[0], body) == ("HTTP/1.1 302 Elsewhere", b"")
    assert [line for line in head if line[0] in "LA"] == ["Location: file:///etc/shadow", "A: 1", "A: 2"]


def test_headers_replace_those_of_the_service(spoil, fetch):
    answer = fetch(spoil(Fault(headers=(("content-type", "text/html"),))), "/")
    assert answer.headers.get_all("Content-Type") == ["text/html"]
    assert answer.body == b"good morning"


@pytest.mark.parametrize("body", [b"", b'{"error": "no"}', b"<html>captive portal</html>"])
def test_body(spoil, fetch, body):
    answer = fetch(spoil(Fault(body=body)), "/")
    assert (answer.status, answer.body) == (200, body)


def test_huge_body_is_streamed(spoil):
    connection = http.client.HTTPConnection(*spoil(Fault(body_size=GIGABYTES_10)), timeout=5)
    connection.request("GET", "/")
    response = connection.getresponse()
    assert response.headers["Content-Length"] == str(GIGABYTES_10)
    assert response.read(1 << 20) == b"x" * (1 << 20)
    connection.close()
    response.close()


def test_sized_body_has_exactly_that_size(spoil, fetch):
    assert len(fetch(spoil(Fault(body_size=65536 * 2 + 7)), "/").body) == 65536 * 2 + 7


def test_delay_before_the_first_byte(spoil, fetch):
    address = spoil(Fault(delay=0.2))
    begin = time.monotonic()
    assert fetch(address, "/").body == b"good morning"
    assert time.monotonic() - begin >= 0.2


def test_byte_delay_sends_byte_by_byte(spoil):
    with socket.create_connection(spoil(Fault(byte_delay=0.02)), timeout=5) as connection:
        begin = time.monotonic()
        connection.sendall(ASK)
        pieces = [connection.recv(4096) for _ in range(10)]
    assert b"".join(pieces)[:5] == b"HTTP/"
    assert max(map(len, pieces)) <= 3
    assert time.monotonic() - begin >= 0.1


def test_truncation_ends_with_a_fin(spoil, converse, fetch):
    address = spoil(Fault(truncate_after=4))
    head, body = split(converse(address, ASK))
    assert "Content-Length: 12" in head
    assert body == b"good"
    with pytest.raises(http.client.IncompleteRead):
        fetch(address, "/")


@pytest.mark.parametrize("length", [5, 100])
def test_content_length_lies(spoil, converse, length):
    head, body = split(converse(spoil(Fault(content_length=length)), ASK))
    assert f"Content-Length: {length}" in head
    assert body == b"good morning"


def test_reset_before_the_first_byte(spoil, greeter):
    assert reset_of(spoil(Fault(reset=True))) == b""
    assert greeter.asked == 0


@pytest.mark.parametrize("count", [0, 4])
def test_reset_after_the_head_and_within_the_body(spoil, count):
    head, body = split(reset_of(spoil(Fault(reset=True, truncate_after=count))))
    assert head[0] == "HTTP/1.1 200 OK"
    assert body == b"good morning"[:count]


def test_hang_answers_nothing_until_the_server_closes(simulate, greeter):
    simulator = simulate({("127.0.0.1", 0): greeter}, [Fault(hang=True)])
    with socket.create_connection(simulator.address_of(greeter)) as connection:
        connection.sendall(ASK)
        connection.settimeout(0.2)
        with pytest.raises(socket.timeout):
            connection.recv(1)
        connection.settimeout(5)
        begin = time.monotonic()
        simulator.close()
        assert connection.recv(1) == b""
        assert time.monotonic() - begin < 1
    assert greeter.asked == 0


def test_hang_within_the_body(spoil):
    with socket.create_connection(spoil(Fault(hang=True, truncate_after=4)), timeout=0.3) as connection:
        connection.sendall(ASK)
        received = b""
        with pytest.raises(socket.timeout):
            while more := connection.recv(4096):
                received += more
    assert split(received)[1] == b"good"


@pytest.mark.parametrize(
    "raw", [b"", b"just text, as HTTP/0.9", b"HTTP/1.0 200 OK\r\nHTTP/1.0 400 Bad Request\r\n\r\nx"]
)
def test_raw_is_verbatim(spoil, converse, raw):
    assert converse(spoil(Fault(raw=raw)), ASK) == raw


def test_good_chunks(spoil, fetch):
    answer = fetch(spoil(Fault(chunked=Chunks.GOOD)), "/")
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.headers["Content-Length"] is None
    assert answer.body == b"good morning"


def test_broken_chunk_size(spoil, fetch):
    with pytest.raises((http.client.HTTPException, ValueError)):
        fetch(spoil(Fault(chunked=Chunks.BROKEN)), "/")


def test_infinite_chunks(spoil):
    connection = http.client.HTTPConnection(*spoil(Fault(chunked=Chunks.INFINITE)), timeout=5)
    connection.request("GET", "/")
    response = connection.getresponse()
    assert response.read(1 << 20) == b"x" * (1 << 20)
    response.close()
    connection.close()


def test_header_flood(spoil, converse):
    head, body = split(converse(spoil(Fault(header_flood=10_000)), ASK))
    assert sum(line.startswith("X-Flood-") for line in head) == 10_000
    assert body == b"good morning"


def test_one_huge_header(spoil, converse):
    head, _ = split(converse(spoil(Fault(header_size=100 * 1024)), ASK))
    assert "X-Long: " + "x" * 100 * 1024 in head


def test_first_and_times(spoil, fetch):
    address = spoil(Fault(first=2, times=2, status=503), Fault(first=5, status=404))
    assert [fetch(address, "/").status for _ in range(6)] == [200, 503, 503, 200, 404, 404]


@pytest.mark.parametrize(
    "condition",
    [
        {"path": "/a/*"},
        {"path": "*?q=1"},
        {"method": "PUT"},
        {"source": "127.0.0.7"},
        {"header": ("X-Name", "va*")},
    ],
    ids=str,
)
def test_conditions(spoil, fetch, condition):
    address = spoil(Fault(status=418, **condition))
    assert fetch(address, "/a/b?q=1", {"x-name": "value"}, method="PUT", source="127.0.0.7").status == 418
    assert fetch(address, "/b", {"x-name": "other"}, source="127.0.0.8").status == 200


def test_condition_on_the_listener(simulate, greeter, fetch):
    simulator = simulate([(("127.0.0.1", 0), greeter), (("127.0.0.1", 0), greeter)])
    one, two = simulator.addresses_of(greeter)
    simulator.add_fault(Fault(port=one[1], status=500))
    assert (fetch(one, "/").status, fetch(two, "/").status) == (500, 200)


def test_faults_change_between_requests(simulate, greeter, fetch):
    simulator = simulate({("127.0.0.1", 0): greeter}, [Fault(status=500)])
    address = simulator.address_of(greeter)
    assert fetch(address, "/").status == 500
    simulator.clear_faults()
    assert fetch(address, "/").status == 200
    simulator.add_fault(Fault(status=429))
    assert fetch(address, "/").status == 429
    assert simulator.faults == (Fault(status=429),)


@pytest.mark.parametrize("acts", [True, False])
def test_an_acknowledgement_can_be_acted_on_and_its_answer_lost(simulate, fetch, acts):
    router = VirtualRouter({"127.0.0.2": Instance("i-1", password="secret")})
    fault = Fault(header=("DomU_Request", "saved_password"), reset=True, acts=acts)
    simulator = simulate(router.listeners("127.0.0.1", http_port=0, password_port=0), [fault])
    address = simulator.address_of(router.password_server)
    assert fetch(address, "/", {"DomU_Request": "send_my_password"}, source="127.0.0.2").body == b"secret"
    with pytest.raises(ConnectionResetError):
        fetch(address, "/", {"DomU_Request": "saved_password"}, source="127.0.0.2")
    assert router.pending("127.0.0.2") is not acts


def test_client_that_resets_does_no_harm(spoil, fetch):
    address = spoil(Fault(body_size=GIGABYTES_10, times=1))
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(ASK)
        connection.recv(10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert fetch(address, "/").body == b"good morning"


@pytest.mark.parametrize(
    "nonsense",
    [
        {"first": 0},
        {"times": 0},
        {"delay": -1},
        {"truncate_after": -1},
        {"reset": True, "hang": True},
        {"body": b"", "body_size": 1},
        {"raw": b"", "status": 200},
    ],
    ids=str,
)
def test_combinations_that_mean_nothing_are_refused(nonsense):
    with pytest.raises(ValueError, match="fault: "):
        Fault(**nonsense)
