"""The network of a rehearsal: a bridge with the platform's addresses, and one network namespace a clone.

It lives in a network namespace of this process's own, from which no link leads out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from guestseal.machine.commands import Commands, Completed

BRIDGE = "guestseal0"
ROUTER = "10.1.1.1"
METADATA = "169.254.169.254"
PREFIX = 24
TIMEOUT = 30.0
STAGE_TIMEOUT = 120.0
"""Seconds one stage of a clone's boot may take before it is killed."""


@dataclass(frozen=True)
class Seat:
    """One clone's place in the network."""

    name: str
    address: str
    mac: str


class Lab:
    """The bridge and its seats. The process must have left its network and mount namespaces."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    def build(self, addresses: Sequence[str]) -> None:
        """Bring up the bridge with the platform's ``addresses``; the first is the clones' gateway."""
        self._ip("link", "set", "lo", "up")
        self._ip("link", "add", BRIDGE, "type", "bridge")
        self._ip("link", "set", BRIDGE, "up")
        self._ip("address", "add", f"{addresses[0]}/{PREFIX}", "dev", BRIDGE)
        for address in addresses[1:]:
            self._ip("address", "add", f"{address}/32", "dev", BRIDGE)

    def seat(self, number: int) -> Seat:
        """Make the namespace of clone ``number`` (from 1), wired to the bridge."""
        seat = Seat(f"clone-{number}", f"10.1.1.{10 + number}", f"52:54:00:67:73:{number:02x}")
        self._ip("netns", "add", seat.name)
        link = f"seat{number}"
        peer = ("peer", "name", "eth0", "address", seat.mac, "netns", seat.name)
        self._ip("link", "add", link, "type", "veth", *peer)
        self._ip("link", "set", link, "master", BRIDGE, "up")
        inside = ("-n", seat.name)
        self._ip(*inside, "link", "set", "lo", "up")
        self._ip(*inside, "address", "add", f"{seat.address}/{PREFIX}", "dev", "eth0")
        self._ip(*inside, "link", "set", "eth0", "up")
        self._ip(*inside, "route", "add", "default", "via", ROUTER)
        return seat

    def run(self, seat: Seat, arguments: Sequence[str]) -> Completed:
        """Run guestseal itself in a clone's network, with a host name of its own."""
        inside = ["ip", "netns", "exec", seat.name, "unshare", "--uts"]
        program = [sys.executable, "-m", "guestseal", *arguments]
        return self._commands.run([*inside, *program], timeout=STAGE_TIMEOUT, accept=(0, 1, 3))

    def _ip(self, *arguments: str) -> None:
        self._commands.run(["ip", *arguments], timeout=TIMEOUT)
