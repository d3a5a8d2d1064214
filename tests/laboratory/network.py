"""A platform's network in a namespace of its own, from which no link leads out: a bridge, its router's DHCP, seats."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.debian import run

from guestseal.simulate.server import Simulator
from guestseal.simulate.service import Address, Service

ROUTER = "10.77.0.1"
METADATA = "169.254.169.254"
SSH_TIMEOUT = 240.0
_NEW_NETWORK = 0x40000000  # setns(2): CLONE_NEWNET
_NOTHING_OF_THE_USERS = ("-F", "/dev/null", "-o", "GlobalKnownHostsFile=/dev/null", "-o", "IdentitiesOnly=yes")
_NO_QUESTIONS = ("-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "LogLevel=ERROR")


@dataclass(frozen=True)
class Seat:
    """One machine's place on the bridge: its network card, and the lease that the router has for it."""

    number: int

    @property
    def mac(self) -> str:
        """The card's address; no two seats have the same one."""
        return f"52:54:00:77:00:{self.number + 10:02x}"

    @property
    def address(self) -> str:
        """The address that DHCP gives to it."""
        return f"10.77.0.{self.number + 10}"


class Network:
    """A bridge and its router, from entering to leaving. ``name`` is a namespace that nobody else has."""

    def __init__(self, name: str, directory: Path, *, seats: int) -> None:
        self.name, self._directory = name, directory
        self.seats = tuple(Seat(number) for number in range(1, seats + 1))
        self._life = contextlib.ExitStack()

    def __enter__(self) -> Network:
        with contextlib.ExitStack() as life:
            self._make_namespace(self.name, life)
            self._ip("link", "add", "br0", "type", "bridge")
            # The first address becomes the DHCP server identifier, by which a clone finds its router.
            self._ip("address", "add", f"{ROUTER}/24", "dev", "br0")
            self._ip("link", "set", "br0", "up")
            life.enter_context(self._dhcp())
            self._life = life.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._life.close()

    def tap(self, seat: Seat) -> str:
        """The interface that a virtual machine at ``seat`` opens, in this network's namespace."""
        name = f"tap{seat.number}"
        self._ip("tuntap", "add", "dev", name, "mode", "tap")
        self._ip("link", "set", name, "master", "br0", "up")
        return name

    def namespace(self, seat: Seat) -> str:
        """The network namespace of a container at ``seat``; its interface is eth0."""
        name = f"{self.name}-{seat.number}"
        self._make_namespace(name, self._life)
        end = ("peer", "name", "eth0", "address", seat.mac, "netns", name)
        self._ip("link", "add", f"seat{seat.number}", "type", "veth", *end)
        self._ip("link", "set", f"seat{seat.number}", "master", "br0", "up")
        return name

    @contextlib.contextmanager
    def serving(self, services: Sequence[tuple[Address, Service]]) -> Iterator[Simulator]:
        """Be the platform. An address that the bridge does not have yet, it has as long as this serves."""
        extra = {f"{host}/32" for (host, _), _ in services if host != ROUTER}
        for address in extra:
            self._ip("address", "add", address, "dev", "br0")
        with _inside(self.name):
            simulator = Simulator(services).start()
        try:
            yield simulator
        finally:
            simulator.close()
            for address in extra:
                self._ip("address", "delete", address, "dev", "br0")

    def ssh(
        self, seat: Seat, key: Path, *command: str, known_hosts: Path | None = None, input: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command as root at ``seat``; never asks. ``known_hosts``: the only host keys accepted."""
        checked = "no" if known_hosts is None else "yes"
        hosts = ("-o", f"StrictHostKeyChecking={checked}", "-o", f"UserKnownHostsFile={known_hosts or '/dev/null'}")
        words = ["ip", "netns", "exec", self.name, "ssh", *_NOTHING_OF_THE_USERS, *_NO_QUESTIONS, *hosts]
        words += ["-i", str(key), f"root@{seat.address}", *command]
        return subprocess.run(words, input=input, capture_output=True, timeout=SSH_TIMEOUT, check=False)

    def until_let_in(self, seat: Seat, key: Path, *command: str, timeout: float, **options: Any) -> str:
        """What a command says, as soon as ``key`` opens the machine: its sshd may still be starting. See ``ssh``."""
        end = time.monotonic() + timeout
        while True:
            done = self.ssh(seat, key, *command, **options)
            if done.returncode == 0:
                return done.stdout.decode()
            said = f"{' '.join(command)}: {done.returncode}: {(done.stderr or done.stdout).decode(errors='replace')}"
            assert done.returncode == 255, said
            assert b"Host key verification failed" not in done.stderr, said
            assert time.monotonic() < end, said
            time.sleep(0.5)

    @contextlib.contextmanager
    def _dhcp(self) -> Iterator[None]:
        """The router's DHCP server, as a CloudStack router runs it: known cards only, leases without an end."""
        hosts = self._directory / f"{self.name}.hosts"
        hosts.write_text("".join(f"{seat.mac},{seat.address},infinite\n" for seat in self.seats))
        words = f"""
            ip netns exec {self.name} dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --no-ping
            --user=root --pid-file --interface=br0 --bind-interfaces --dhcp-authoritative --log-facility=-
            --dhcp-range={ROUTER},static,infinite --dhcp-option=option:router,{ROUTER}
            --dhcp-hostsfile={hosts} --dhcp-leasefile={hosts.with_suffix(".leases")}
        """.split()
        with hosts.with_suffix(".dnsmasq").open("w") as said:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)

    def _make_namespace(self, name: str, life: contextlib.ExitStack) -> None:
        run("ip", "netns", "add", name)
        life.callback(run, "ip", "netns", "delete", name)
        run("ip", "-n", name, "link", "set", "lo", "up")

    def _ip(self, *words: str) -> None:
        run("ip", "-n", self.name, *words)


@contextlib.contextmanager
def _inside(namespace: str) -> Iterator[None]:
    """In a network namespace: the sockets that this thread makes belong to it, and the threads that it starts."""
    # Not /proc/self, whose namespaces are the first thread's.
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        there = os.open(f"/run/netns/{namespace}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _enter(there)
        finally:
            os.close(there)
        try:
            yield
        finally:
            _enter(here)
    finally:
        os.close(here)


def _enter(namespace: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(namespace, _NEW_NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "setns")
