"""HTTP against servers that misbehave in every way the wire allows: real sockets, on loopback only."""

from __future__ import annotations

import gzip
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.machine import HangingLookup, soon
from support.timing import LAG

from guestseal.errors import Absent, Denied, Malformed, SourceError, Unreachable
from guestseal.machine.clock import Clock
from guestseal.machine.endpoint import Endpoint
from guestseal.machine.http import Answer, Http
from guestseal.machine.resolver import Resolver
from guestseal.simulate.blackhole import BlackHole
from guestseal.simulate.faults import Chunks, Fault
from guestseal.simulate.server import Simulator
from guestseal.simulate.service import Request, Response

SECRET = "hunter2-the-secret"
LIMIT = 1000


class Echo:
    """Answers everything with the secret."""

    def answer(self, request: Request) -> Response:
        return Response(200, SECRET.encode(), headers=(("Content-Type", "text/plain"),))


@dataclass
class Server:
    """A simulator and the endpoint it is at."""

    simulator: Simulator
    endpoint: Endpoint

    @property
    def headers(self) -> dict[str, str]:
        """The header of the last request."""
        return self.simulator.journal.snapshot()[-1].headers


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    with ExitStack() as stack:

        def start(*faults: Fault, host: str = "127.0.0.1") -> Server:
            service = Echo()
            simulator = stack.enter_context(Simulator({(host, 0): service}, faults))
            return Server(simulator, Endpoint(*simulator.address_of(service)))

        yield start


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(Clock()) as made:
        yield made


def get(http: Http, endpoint: Endpoint, *, seconds: float = 2.0, limit: int = LIMIT) -> Answer:
    return http.get(endpoint, "/latest/x", deadline=soon(seconds), limit=limit)


def test_an_answer_is_complete_and_the_request_is_plain(serve, http):
    server = serve()
    answer = http.get(server.endpoint, "/latest/x", deadline=soon(), limit=LIMIT, headers={"DomU_Request": "y"})
    assert (answer.status, answer.body, answer.content_type) == (200, SECRET.encode(), "text/plain")
    assert server.headers == {
        "host": f"127.0.0.1:{server.endpoint.port}",
        "user-agent": "guestseal",
        "accept-encoding": "identity",
        "domu_request": "y",
    }
    assert SECRET not in repr(answer)


def test_a_put_is_a_put(serve, http):
    server = serve()
    assert http.ask(server.endpoint, "PUT /latest/api/token", deadline=soon(), limit=LIMIT).status == 200
    assert server.simulator.journal.snapshot()[-1].method == "PUT"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (204, Malformed),
        (206, Malformed),
        (301, Malformed),
        (304, Malformed),
        (400, Malformed),
        (401, Denied),
        (403, Denied),
        (404, Absent),
        (405, Malformed),
        (410, Absent),
        (429, Unreachable),
        (500, Unreachable),
        (501, Malformed),
        (503, Unreachable),
    ],
)
def test_a_status_has_one_meaning(serve, http, status, error):
    with pytest.raises(error) as caught:
        get(http, serve(Fault(status=status)).endpoint)
    assert f"status {status}" in caught.value.why
    assert "/latest/x" in caught.value.address


def test_an_optional_item_is_there_or_not_there_or_could_not_be_told(serve, http):
    server = serve(Fault(path="/none", status=404), Fault(path="/busy", status=503))
    ask = {"deadline": soon(), "limit": LIMIT}
    assert http.get_optional(server.endpoint, "/there", **ask).body == SECRET.encode()
    assert http.get_optional(server.endpoint, "/none", **ask) is None
    with pytest.raises(Unreachable):
        http.get_optional(server.endpoint, "/busy", **ask)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(hang=True), id="T4"),
        pytest.param(Fault(byte_delay=0.05), id="T5"),
        pytest.param(Fault(byte_delay=0.02, body_size=500), id="T5-body"),
        pytest.param(Fault(truncate_after=3, hang=True), id="T5-stops"),
        pytest.param(Fault(raw=b"HTTP/1.1 100 Continue\r\n\r\n", hang=True), id="T5-continue"),
    ],
)
def test_the_deadline_is_a_total(serve, http, fault):
    start = time.monotonic()
    with pytest.raises(Unreachable, match="timed out"):
        get(http, serve(fault).endpoint, seconds=0.3)
    assert 0.25 < time.monotonic() - start < 0.7 + LAG


def test_a_black_hole_costs_the_deadline(http):
    with BlackHole() as hole:
        start = time.monotonic()
        with pytest.raises(Unreachable, match="timed out"):
            get(http, Endpoint(*hole.address), seconds=0.3)
        assert time.monotonic() - start < 0.7 + LAG


def test_connecting_ends_before_a_long_deadline(http):
    with BlackHole() as hole:
        start = time.monotonic()
        with pytest.raises(Unreachable, match="timed out"):
            get(http, Endpoint(*hole.address), seconds=30)
        assert 1.9 < time.monotonic() - start < 2.6 + LAG


def test_a_closed_port_is_told_at_once(http):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = Endpoint(*listener.getsockname())
    start = time.monotonic()
    with pytest.raises(Unreachable, match="connection refused"):
        get(http, closed)
    assert time.monotonic() - start < 0.5 + LAG


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(reset=True), id="T6"),
        pytest.param(Fault(truncate_after=3, reset=True), id="T6-body"),
        pytest.param(Fault(raw=b""), id="T6-silence"),
        pytest.param(Fault(truncate_after=3), id="T7"),
        pytest.param(Fault(content_length=5000), id="T7-length"),
        pytest.param(Fault(chunked=Chunks.GOOD, truncate_after=4), id="T7-chunked"),
    ],
)
def test_an_answer_that_breaks_off_is_none(serve, http, fault):
    with pytest.raises(Unreachable):
        get(http, serve(fault).endpoint)


def test_a_length_that_is_too_short_shows(serve, http):
    answer = get(http, serve(Fault(content_length=4)).endpoint)
    assert (answer.body, answer.surplus) == (SECRET[:4].encode(), True)
    assert not get(http, serve().endpoint).surplus


def test_chunks_are_put_together(serve, http):
    answer = get(http, serve(Fault(chunked=Chunks.GOOD, body_size=900)).endpoint)
    assert (answer.body, answer.surplus) == (b"x" * 900, False)


def test_a_body_that_ends_with_the_connection(serve, http):
    real = b"HTTP/1.0 200 OK\r\nServer: a\r\ncontent-type: text/plain\r\nServer: b\r\n\r\n" + SECRET.encode()
    assert get(http, serve(Fault(raw=real)).endpoint).body == SECRET.encode()


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(raw=HEAD + b"Content-Length: 3\r\nContent-Length: 9\r\n\r\nabc"), id="T8-two-lengths"),
        pytest.param(Fault(raw=HEAD + b"Content-Length: -3\r\n\r\nabc"), id="T8-negative"),
        pytest.param(Fault(chunked=Chunks.BROKEN), id="T9-broken"),
        pytest.param(Fault(chunked=Chunks.INFINITE), id="T9-infinite"),
        pytest.param(Fault(raw=CHUNKED + b"1" * 10_000_000), id="T9-size-line"),
        pytest.param(Fault(raw=CHUNKED + b"0\r\n" + b"a: b\r\n" * 1_000_000), id="T9-trailer"),
        pytest.param(Fault(raw=SECRET.encode() + b"\r\n"), id="T10"),
        pytest.param(Fault(raw=SECRET.encode() + b"\n" * 100), id="T10-lines"),
        pytest.param(Fault(raw=b"HTTP/1.1 " + SECRET.encode() + b"\r\n\r\n"), id="T10-status"),
        pytest.param(Fault(header_size=100_000), id="T12-size"),
        pytest.param(Fault(header_flood=10_000), id="T12-flood"),
        pytest.param(Fault(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000), id="T12-continue"),
        pytest.param(Fault(body_size=10 << 30), id="T13"),
        pytest.param(Fault(raw=HEAD + b"\r\n" + b"x" * 10_000_000), id="T13-no-length"),
        pytest.param(Fault(body=gzip.compress(b"x" * 500), headers=(("Content-Encoding", "gzip"),)), id="T14"),
        pytest.param(Fault(body=b"<html>", headers=(("Content-Type", "Text/HTML; charset=x"),)), id="T23"),
    ],
)
def test_what_is_not_a_sound_answer_is_malformed(serve, http, fault):
    start = time.monotonic()
    with pytest.raises(Malformed):
        get(http, serve(fault).endpoint)
    assert time.monotonic() - start < 1.5 + LAG


def test_a_negative_chunk_is_none(serve, http):
    # http.client notices it, or waits for what never comes: that depends on the version of Python.
    with pytest.raises(SourceError):
        get(http, serve(Fault(raw=CHUNKED + b"-5\r\nabc\r\n")).endpoint)


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1:{port}/", "https://127.0.0.1/", "file:///etc/shadow", "/latest/x"]
)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_never_followed(serve, http, status, location):
    other = serve()
    headers = (("Location", location.format(port=other.endpoint.port)),)
    server = serve(Fault(status=status, headers=headers))
    with pytest.raises(Malformed, match="redirects are not followed"):
        get(http, server.endpoint)
    assert (len(server.simulator.journal), len(other.simulator.journal)) == (1, 0)


@pytest.mark.parametrize("value", ["1", "86400", "Wed, 21 Oct 2065 07:28:00 GMT", "soon"])
def test_no_server_decides_how_long_is_waited(serve, http, value):
    start = time.monotonic()
    with pytest.raises(Unreachable):
        get(http, serve(Fault(status=503, headers=(("Retry-After", value),))).endpoint)
    assert time.monotonic() - start < 0.5 + LAG


def test_proxies_and_netrc_of_the_environment_are_ignored(serve, http, monkeypatch, tmp_path):
    proxy, server = serve(), serve()
    url = f"http://127.0.0.1:{proxy.endpoint.port}"
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, url)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    get(http, server.endpoint)
    assert len(proxy.simulator.journal) == 0
    assert "authorization" not in server.headers


def test_cookies_are_not_kept(serve, http):
    server = serve(Fault(headers=(("Set-Cookie", "a=b"),)))
    get(http, server.endpoint)
    get(http, server.endpoint)
    assert "cookie" not in server.headers


def test_a_request_leaves_from_the_address_and_interface_it_is_told(serve, http):
    server = serve()
    get(http, Endpoint("127.0.0.1", server.endpoint.port, "127.0.0.9", "lo"))
    assert server.simulator.journal.snapshot()[-1].source == "127.0.0.9"


@pytest.mark.parametrize(
    "way", [{"interface": "none0"}, {"source_address": "192.0.2.77"}, {"source_address": "::1"}], ids=str
)
def test_a_way_that_does_not_exist_is_unreachable(serve, http, way):
    with pytest.raises(Unreachable):
        get(http, Endpoint("127.0.0.1", serve().endpoint.port, **way))


@pytest.mark.skipif(os.geteuid() != 0, reason="ports below 1024 are root's")
@pytest.mark.parametrize(("host", "source"), [("127.0.0.1", None), ("127.0.0.1", "127.0.0.9"), ("::1", None)])
def test_a_request_may_leave_from_a_port_below_1024(http, serve, host, source):
    server = serve(host=host)
    endpoint = Endpoint(host, server.endpoint.port, source, privileged=True)
    for _ in range(3):
        assert get(http, endpoint).status == 200
    asked = server.simulator.journal.snapshot()
    assert all(each.source_port < 1024 for each in asked)
    assert {each.source for each in asked} == {source or host}
    get(http, server.endpoint)
    assert server.simulator.journal.snapshot()[-1].source_port >= 1024


@pytest.mark.skipif(os.geteuid() != 0, reason="ports below 1024 are root's")
def test_a_port_that_is_taken_is_passed_over(serve, http):
    with ExitStack() as stack:
        for port in range(600, 1020):
            with suppress(OSError):
                stack.enter_context(socket.create_server(("127.0.0.9", port)))
        server = serve()
        get(http, Endpoint("127.0.0.1", server.endpoint.port, "127.0.0.9", privileged=True))
        assert server.simulator.journal.snapshot()[-1].source_port in range(1020, 1024)
        for port in range(1020, 1024):
            with suppress(OSError):
                stack.enter_context(socket.create_server(("127.0.0.9", port)))
        with pytest.raises(Unreachable, match="in use"):
            get(http, Endpoint("127.0.0.1", server.endpoint.port, "127.0.0.9", privileged=True))


@pytest.mark.skipif(os.geteuid() != 0, reason="gives its privileges away")
def test_who_may_not_have_such_a_port_is_told_so(serve):
    script = """
import os, sys
sys.path.insert(0, sys.argv[1])
from guestseal.errors import Denied
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.http import Http
from guestseal.machine.endpoint import Endpoint
from guestseal.machine.transport import Line
os.setuid(65534)
clock = Clock()
try:
    with Http(clock) as http:
        endpoint = Endpoint("127.0.0.1", int(sys.argv[2]), privileged=True)
        http.get(endpoint, "/", deadline=Deadline.after(clock, 5), limit=9)
except Denied as error:
    print(error.why)
"""
    arguments = [sys.executable, "-c", script, str(Path(__file__).parents[2]), str(serve().endpoint.port)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout == "only root may ask from a port below 1024\n", done.stderr


def test_ipv6(serve, http):
    server = serve(host="::1")
    assert get(http, Endpoint("::1", server.endpoint.port, "::1")).status == 200
    assert server.headers["host"] == f"[::1]:{server.endpoint.port}"


def test_a_zone_is_not_told_to_the_server():
    endpoint = Endpoint("fe80::a9fe:a9fe%eth0")
    assert (endpoint.header, str(endpoint)) == ("[fe80::a9fe:a9fe]", "[fe80::a9fe:a9fe%eth0]:80")


def test_a_name_is_looked_up_and_its_addresses_are_tried_in_turn(serve):
    server = serve()
    resolver = Resolver({"metadata.test": ["::1", "127.0.0.1"]}.__getitem__)
    with Http(Clock(), resolver) as http:
        assert get(http, Endpoint("metadata.test", server.endpoint.port)).status == 200
    assert server.headers["host"] == f"metadata.test:{server.endpoint.port}"


def test_a_lookup_that_hangs_costs_the_deadline():
    lookup = HangingLookup()
    with Http(Clock(), Resolver(lookup)) as http:
        start = time.monotonic()
        with pytest.raises(Unreachable, match="not resolved in time"):
            get(http, Endpoint("metadata.test", 80), seconds=0.2)
        assert time.monotonic() - start < 0.6 + LAG
    lookup.release.set()


def _keep_alive(listener: socket.socket, answers: list[int], accepted: list[int]) -> None:
    """Serve as many answers on each connection as told, and then close it."""
    for count in answers:
        connection, _ = listener.accept()
        accepted.append(count)
        with connection:
            for _ in range(count):
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
                connection.sendall(b"ok")


@pytest.mark.parametrize(("answers", "gets"), [([3], 3), ([1, 2], 3)], ids=["kept", "closed meanwhile"])
def test_a_connection_is_used_again_while_the_server_keeps_it(http, answers, gets):
    accepted: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_keep_alive, args=(listener, answers, accepted), daemon=True)
        thread.start()
        endpoint = Endpoint(*listener.getsockname())
        for _ in range(gets):
            assert get(http, endpoint).body == b"ok"
            Clock().pause(0.05)
        thread.join(2)
    assert accepted == answers


def test_threads_use_connections_of_their_own(serve, http):
    server = serve(Fault(delay=0.1))
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(get(http, server.endpoint).status)) for _ in range(8)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 8
    assert time.monotonic() - start < 0.6 + LAG


@pytest.mark.parametrize(
    "fault",
    [
        Fault(raw=SECRET.encode() + b"\r\n\r\n"),
        Fault(raw=HEAD + SECRET.encode() + b"\r\n\r\n"),
        Fault(raw=HEAD + b"Content-Length: " + SECRET.encode() + b"\r\n\r\nabc"),
        Fault(raw=CHUNKED + SECRET.encode() + b"\r\n"),
        Fault(content_length=5000),
        Fault(status=500),
        Fault(status=302, headers=(("Location", "/" + SECRET),)),
        Fault(headers=(("Content-Encoding", SECRET),)),
        Fault(),
    ],
    ids=["no http", "header", "length", "chunk", "truncated", "500", "redirect", "encoding", "fine"],
)
def test_nothing_received_is_logged_or_quoted(serve, http, fault, caplog):
    caplog.set_level(logging.DEBUG)
    try:
        told = repr(get(http, serve(fault).endpoint))
    except SourceError:
        told = traceback.format_exc()
    assert SECRET not in told
    assert SECRET not in caplog.text


def test_the_libraries_are_imported_when_something_is_asked():
    code = (
        "import sys, guestseal.firstboot.discovery, guestseal.firstboot.sources.ec2\n"
        "import guestseal.firstboot.sources.cloudstack\n"
        "assert not {'requests', 'urllib3', 'psutil', 'netifaces'} & set(sys.modules)"
    )
    project = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=project, timeout=20)


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("http://169.254.169.254", Endpoint("169.254.169.254")),
        ("http://127.0.0.2:8080/", Endpoint("127.0.0.2", 8080)),
        ("http://[fd00:ec2::254]", Endpoint("fd00:ec2::254")),
        ("http://[fe80::a9fe:a9fe%25eth0]:81", Endpoint("fe80::a9fe:a9fe%eth0", 81)),
        ("http://metadata.google.internal", Endpoint("metadata.google.internal")),
    ],
)
def test_urls_of_endpoints(url, endpoint):
    assert Endpoint.parse(url) == endpoint


@pytest.mark.parametrize(
    "url",
    ["https://a", "ftp://a", "a", "http://", "http://a/b", "http://a?b", "http://u@a", "http://a:0", "http://a:70000"],
)
def test_what_is_no_endpoint(url):
    with pytest.raises(ValueError, match="of the form"):
        Endpoint.parse(url)
