"""Which way an HTTP request goes: addresses, ports, names, connections."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from support.echo import get
from support.machine import HangingLookup
from support.timing import LAG

from guestseal.errors import Unreachable
from guestseal.machine.clock import Clock
from guestseal.machine.endpoint import Endpoint
from guestseal.machine.http import Http
from guestseal.machine.resolver import Resolver
from guestseal.simulate.faults import Fault


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
