"""Programs that wait for other machines, on a running guest."""

from __future__ import annotations

from typing import Callable

from support.check_cases import CheckCase
from support.machine import machine
from support.operation_cases import DEBIAN, REDHAT, SUSE

from guestseal.machine.host import Machine
from guestseal.machine.sockets import Listener, Sockets

USUAL = (
    Listener("tcp", 22, "sshd"),
    Listener("udp", 68, "systemd-network"),
    Listener("udp", 123, "ntpd"),
    Listener("udp", 546, "dhclient"),
    Listener("tcp", 5355, "systemd-resolve"),
    Listener("udp", 5355, "systemd-resolve"),
)


class Given(Sockets):
    """The sockets that a test says there are."""

    def __init__(self, *listeners: Listener) -> None:
        self._listeners = listeners

    def listeners(self) -> tuple[Listener, ...]:
        return self._listeners


def with_sockets(*listeners: Listener) -> Callable[[], Machine]:
    """What makes a machine on which these wait."""

    def make() -> Machine:
        made = machine()
        made.sockets = Given(*listeners)
        return made

    return make


CASES = (
    CheckCase("those of an image of Google's", DEBIAN, {}, profile="gcp", machine=with_sockets(*USUAL)),
    CheckCase("none at all", REDHAT, {}, profile="gcp", machine=with_sockets()),
    CheckCase("a tree", DEBIAN, {}, skipped="only a guest that runs", profile="gcp"),
    CheckCase(
        "a mail server, and one that the kernel keeps",
        SUSE,
        {},
        ("master listens at TCP port 25 for", "a program listens at UDP port 2049 for"),
        fails=False,
        profile="gcp",
        machine=with_sockets(*USUAL, Listener("tcp", 25, "master"), Listener("udp", 2049)),
        mended_machine=with_sockets(*USUAL),
    ),
    CheckCase(
        "the other protocol at a port that is expected",
        DEBIAN,
        {},
        (r"x\x1b[2J listens at UDP port 22 for", "ntpd listens at TCP port 123 for"),
        fails=False,
        profile="gcp",
        machine=with_sockets(Listener("udp", 22, "x\x1b[2J"), Listener("tcp", 123, "ntpd")),
        mended_machine=with_sockets(*USUAL),
    ),
)
