"""Real networks of a child process's own: an interface on each, and routers at their other ends."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

NEW_NETWORK = 0x40000000  # unshare(2)
_THIS = "/proc/self/ns/net"
_TESTS = os.readlink(_THIS)


def isolated() -> bool:
    """Whether this process has left the network in which the tests were started."""
    return os.readlink(_THIS) != _TESTS


@contextmanager
def networks(*prefixes: str, default: str) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Give this process, which is a child (support.children), the interface ``eth0`` on the first network, and so on.

    Its address on the network ``10.1.1`` is 10.1.1.5/24; the router there is 10.1.1.1, and that of
    ``default`` has the default route. Yields a context in which sockets are made at the routers'
    end. Nothing leads out of these networks.
    """
    beyond = _unshared()
    here = _unshared()
    try:
        for number, prefix in enumerate(prefixes):
            end = f"/proc/{os.getpid()}/fd/{beyond}"
            _ip(f"link add eth{number} type veth peer name r{number} netns {end}")
            _ip(f"address add {prefix}.5/24 dev eth{number}")
            _ip(f"link set eth{number} up")
            with _inside(beyond, here):
                _ip(f"address add {prefix}.1/24 dev r{number}")
                _ip(f"link set r{number} up")
        _ip(f"route add default via {default}.1")
        yield lambda: _inside(beyond, here)
    finally:
        os.close(beyond)
        os.close(here)


@contextmanager
def _inside(there: int, here: int) -> Iterator[None]:
    """In the network namespace ``there``: what sockets this thread makes belong to it."""
    _call("setns", there, NEW_NETWORK)
    try:
        yield
    finally:
        _call("setns", here, NEW_NETWORK)


def _unshared() -> int:
    """Go into a network namespace of its own, with a loopback; a descriptor of it."""
    _call("unshare", NEW_NETWORK)
    _ip("link set lo up")
    return os.open(_THIS, os.O_RDONLY | os.O_CLOEXEC)


def _ip(words: str) -> None:
    subprocess.run(["ip", *words.split()], check=True, timeout=10)


def _call(name: str, *arguments: int) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), name)
