"""Clouds for whole first boots: a simulated platform that can say the same again, and a machine beside it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any

from support.machine import FakeNetwork, machine
from support.networks import isolated
from support.platforms import UUID, WEB, Platform, Routers, start_routers

from guestseal.firstboot.candidates import DEFAULTS, make
from guestseal.firstboot.source import endpoints_of
from guestseal.firstboot.wire_server import SERVICE, URL
from guestseal.machine.clock import Clock
from guestseal.machine.commands import Commands
from guestseal.machine.firmware import Firmware
from guestseal.machine.host import Machine
from guestseal.machine.network import Network
from guestseal.settings import Settings
from guestseal.simulate.ec2 import MetadataService, Tokens
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import ANYONE, Instance
from guestseal.simulate.router import VirtualRouter
from guestseal.simulate.server import Simulator

ROUTER, SECOND_ROUTER = "127.0.0.51", "127.0.0.52"
IMDS = "127.0.0.61"
NIC = "127.0.0.1"


@dataclass
class Cloud(Platform):
    """A platform, whoever it is: a ``with`` block takes it down."""

    clones: Mapping[str, Mapping[str, Instance]] = field(default_factory=dict)
    """By router, its clones by source address."""
    routers: Routers | None = None
    services: Sequence[MetadataService] = ()
    secrets: Sequence[str] = ()
    """Further texts that no clone may ever say, or write to its disk."""
    live: bool = False
    """Whether the clone's tree is the running system's: its kernel gets the name, too."""

    def __enter__(self) -> Cloud:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def running(self) -> Simulator:
        """The simulator that there is."""
        assert self.simulator is not None
        return self.simulator

    def router(self, host: str = ROUTER) -> VirtualRouter:
        """The virtual router at one address."""
        assert self.routers is not None
        return self.routers.by_host[host]


def say_again(platform: Platform) -> None:
    """Have the platform say the same from here on: its faults count anew, its passwords are pending as at first."""
    if platform.simulator is None:
        return
    faults = platform.simulator.faults
    platform.simulator.clear_faults()
    for fault in faults:
        platform.simulator.add_fault(fault)
    if isinstance(platform, Cloud) and platform.routers is not None:
        for host, clones in platform.clones.items():
            for address, instance in clones.items():
                if instance.password is not None:
                    offered_to = [str(ip) for ip in _addresses(platform.machine)] if address == ANYONE else [address]
                    for source in offered_to:
                        platform.router(host).set_password(source, instance.password)


def this_machine(
    *,
    network: FakeNetwork | Network | None = None,
    uuid: str | None = UUID,
    clock: Clock | None = None,
    commands: Commands | None = None,
    **firmware: str,
) -> Machine:
    """A machine that the firmware calls ``uuid``, with the real programs and an address on loopback."""
    return machine(
        network=network, firmware=Firmware(uuid=uuid, **firmware), clock=clock, commands=commands or Commands()
    )


def cloudstack(
    *faults: Fault,
    instance: Instance = WEB,
    clones: Mapping[str, Mapping[str, Instance]] | None = None,
    on: Machine | None = None,
    **settings: Any,
) -> Cloud:
    """Virtual routers with their password servers: one, that gives everybody ``instance``, or those of ``clones``."""
    served = {ROUTER: {ANYONE: instance}} if clones is None else clones
    made = start_routers(served, faults)
    first = next(iter(made.by_host.values()))
    options = made.settings(sources="cloudstack", **settings)
    return Cloud(options, made.simulator, lambda: first.pending(NIC), on or this_machine(), served, made)


def ec2(
    *faults: Fault,
    instance: Instance = WEB,
    hosts: Sequence[str] = (IMDS,),
    token: Tokens = Tokens.OPTIONAL,
    on: Machine | None = None,
    **settings: Any,
) -> Cloud:
    """The EC2 metadata service, at one or several addresses. It has no password."""
    services = [MetadataService({ANYONE: instance}, token=token) for _ in hosts]
    simulator = Simulator([((host, free_port(host)), each) for host, each in zip(hosts, services)], faults).start()
    endpoints = tuple(("ec2", simulator.url_of(service)) for service in services)
    options = replace(Settings(sources="ec2", endpoints=endpoints), **settings)
    return Cloud(options, simulator, lambda: False, on or this_machine(), services=services)


def free_port(host: str) -> int:
    """A port at which nobody listened a moment ago: a cloud that goes down comes back at the same one."""
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as held:
        number: int = held.getsockname()[1]
    return number


def nobody_but(platform: Platform) -> Settings:
    """The settings of ``platform``, which lead to it alone. Fails where anything but loopback could be asked.

    In a network of the test's own (support.networks) it may ask whom it wants: nothing leads out of there.
    """
    settings = platform.settings
    if settings.sources == "defaults":
        asked = {source for source, _ in settings.endpoints} | ({"cloudstack"} if settings.routers else set())
        settings = replace(settings, sources=",".join(name for name in DEFAULTS if name in asked))
    names = [name for name in settings.sources.split(",") if name]
    assert names, "name the sources: the defaults would ask addresses of real platforms"
    for source in make(names, platform.machine, settings):
        if source.urls or source.name == "cloudstack":
            _require_loopback(*(endpoint.host for endpoint in source.endpoints()))
        if source.awaits_report:
            _require_loopback(*(endpoint.host for endpoint in endpoints_of(SERVICE, settings, (URL,))))
    network = platform.machine.network
    _require_loopback(*settings.routers, *(gateway.address for gateway in network.gateways()))
    return settings


def _require_loopback(*hosts: str) -> None:
    for host in () if isolated() else hosts:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:  # a name; the machine's resolver is a test's
            continue
        assert address.is_loopback, f"a test would ask {host}"


def _addresses(on: Machine) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    return [address.ip for interface in on.network.interfaces() for address in interface.addresses]
