"""Clients for the simulator: one that understands HTTP, one that sees the very bytes."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from guestseal.simulate.server import Simulator

PATIENCE = 5.0


@dataclass(frozen=True)
class Answer:
    """What http.client makes of an answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def lines(self) -> list[str]:
        return self.body.decode().splitlines()


def _fetch(
    address: tuple[str, int],
    target: str,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "GET",
    source: str | None = None,
) -> Answer:
    """One request through http.client, from the loopback address `source`."""
    origin = (source, 0) if source else None
    connection = http.client.HTTPConnection(*address, timeout=PATIENCE, source_address=origin)
    try:
        connection.request(method, target, headers=dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def _converse(address: tuple[str, int], data: bytes = b"GET / HTTP/1.1\r\n\r\n") -> bytes:
    """Send bytes, return all that comes back until the FIN. ConnectionResetError for a RST."""
    with socket.create_connection(address, timeout=PATIENCE) as connection:
        connection.sendall(data)
        received = b""
        while more := connection.recv(65536):
            received += more
        return received


@pytest.fixture
def fetch() -> Callable[..., Answer]:
    return _fetch


@pytest.fixture
def converse() -> Callable[..., bytes]:
    return _converse


@pytest.fixture
def simulate() -> Iterator[Callable[..., Simulator]]:
    """Start simulators that end with the test."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(Simulator(*args, **options))
