"""Simulated platforms on loopback and the settings that lead to them, and to nothing else."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from support.machine import machine

from guestseal.machine.host import Machine
from guestseal.settings import Settings
from guestseal.simulate.ec2 import MetadataService
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.router import VirtualRouter
from guestseal.simulate.server import Simulator
from guestseal.simulate.service import Service

UUID = "6a1c9a8a-0000-4000-8000-000000000002"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA"
PASSWORD = "correct horse: b=ttery"
WEB = Instance(UUID, "web", (f"{KEY} me", f"{OTHER_KEY} you"), PASSWORD, b"#!/bin/sh\n", "127.0.0.1")


@dataclass
class Platform:
    """What one source needs to find its platform simulated: settings and a machine that lead to it."""

    settings: Settings
    simulator: Simulator | None = None
    """None: there is no server; the platform speaks by a disk, a file or the firmware."""
    pending: Callable[[], bool] = lambda: True
    """Whether it still keeps a password that nobody has acknowledged."""
    machine: Machine = field(default_factory=machine)

    def asked(self) -> int:
        """How many requests it has seen."""
        return len(self.simulator.journal) if self.simulator is not None else 0

    def close(self) -> None:
        """Take it down."""
        if self.simulator is not None:
            self.simulator.close()


def serving(source: str, service: Service, *faults: Fault, host: str = "127.0.0.1", **options: Any) -> Platform:
    """The platform of ``source`` with one service at a free port of ``host``."""
    simulator = Simulator({(host, 0): service}, faults).start()
    return Platform(Settings(endpoints=((source, simulator.url_of(service)),), **options), simulator)


@dataclass
class Routers:
    """Routers at several addresses of one simulator, on the same two ports, as real ones are."""

    simulator: Simulator
    by_host: Mapping[str, VirtualRouter]
    metadata_port: int
    password_port: int

    def settings(self, *hosts: str, **options: Any) -> Settings:
        """Settings that name these hosts, or all."""
        named = Settings(
            routers=hosts or tuple(self.by_host),
            metadata_ports=(self.metadata_port,),
            password_ports=(self.password_port,),
        )
        return replace(named, **options)


def start_routers(instances: Mapping[str, Mapping[str, Instance]], faults: Iterable[Fault] = ()) -> Routers:
    """One router an address of ``instances``, with its clones by source address. The caller closes the simulator."""
    made = {host: VirtualRouter(clones) for host, clones in instances.items()}
    metadata_port, password_port = _free_ports(tuple(made))
    listeners = [
        listener
        for host, router in made.items()
        for listener in router.listeners(host, http_port=metadata_port, password_port=password_port)
    ]
    return Routers(Simulator(listeners, faults).start(), made, metadata_port, password_port)


def ec2_settings(simulator: Simulator, *services: MetadataService, **options: Any) -> Settings:
    """Settings that lead to these services."""
    named = Settings(endpoints=tuple(("ec2", simulator.url_of(service)) for service in services), routers=())
    return replace(named, **options)


def _free_ports(hosts: tuple[str, ...]) -> tuple[int, int]:
    """Two ports that are free at every one of the hosts a moment ago."""
    while True:
        held = [socket.create_server((hosts[0], 0)) for _ in range(2)]
        ports = [item.getsockname()[1] for item in held]
        try:
            for host in hosts[1:]:
                held += [socket.create_server((host, port)) for port in ports]
        except OSError:
            continue
        finally:
            for item in held:
                item.close()
        return ports[0], ports[1]
