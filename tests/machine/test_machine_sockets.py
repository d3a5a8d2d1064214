"""Sockets that take packets from other machines, on real ones in a network namespace of its own."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict

from support.children import in_child
from support.disks import as_root

from guestseal.machine.sockets import Sockets

NEW_NETWORK = 0x40000000  # unshare(2)
OWN = "192.0.2.1"
V4, V6, TCP, UDP = socket.AF_INET, socket.AF_INET6, socket.SOCK_STREAM, socket.SOCK_DGRAM


def _found(act: Callable[[ExitStack], object]) -> list[dict[str, object]]:
    """The listeners that are found beside what ``act`` opens, on a network of its own that has one address."""

    def look() -> str:
        for words in (("link", "set", "lo", "up"), ("address", "add", f"{OWN}/32", "dev", "lo")):
            subprocess.run(["ip", *words], check=True)
        with ExitStack() as stack:
            act(stack)
            return json.dumps([asdict(each) for each in Sockets().listeners()])

    found: list[dict[str, object]] = json.loads(in_child(look, namespaces=NEW_NETWORK))
    return found


def _bound(stack: ExitStack, family: int, kind: int, address: str, port: int) -> socket.socket:
    made = stack.enter_context(socket.socket(family, kind))
    if family == V6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int("." not in address))
    made.bind((address, port))
    return made


def _listening(*wanted: tuple[int, int, str, int]) -> list[dict[str, object]]:
    def act(stack: ExitStack) -> None:
        for family, kind, address, port in wanted:
            made = _bound(stack, family, kind, address, port)
            if kind == TCP:
                made.listen()

    return _found(act)


@as_root
def test_those_of_every_address_are_found_once_with_their_program() -> None:
    found = _listening((V4, TCP, "0.0.0.0", 80), (V6, TCP, "::", 80), (V4, UDP, "0.0.0.0", 53), (V4, TCP, OWN, 81))
    assert [(each["protocol"], each["port"]) for each in found] == [("udp", 53), ("tcp", 80), ("tcp", 81)]
    assert all(str(each["program"]).startswith(("python", "pytest")) for each in found)


@as_root
def test_those_of_loopback_addresses_are_none() -> None:
    own = ((V4, TCP, "127.0.0.1", 80), (V4, UDP, "127.0.0.53", 53), (V6, TCP, "::1", 80))
    assert _listening(*own, (V6, TCP, "::ffff:127.0.0.1", 81)) == []


@as_root
def test_a_socket_with_a_peer_waits_for_nobody() -> None:
    def act(stack: ExitStack) -> None:
        server = _bound(stack, V4, TCP, OWN, 80)
        server.listen()
        _bound(stack, V4, TCP, OWN, 81).connect((OWN, 80))
        stack.enter_context(server.accept()[0])
        _bound(stack, V4, UDP, OWN, 1000).connect((OWN, 1001))

    assert [(each["protocol"], each["port"]) for each in _found(act)] == [("tcp", 80)]


@as_root
def test_a_socket_that_is_bound_only_is_none() -> None:
    assert _found(lambda stack: _bound(stack, V4, TCP, "0.0.0.0", 99)) == []
