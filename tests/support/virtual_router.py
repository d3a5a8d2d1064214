"""The cloudstack source beside virtual routers on loopback."""

from __future__ import annotations

from support.machine import FakeNetwork, machine, soon
from support.platforms import UUID, Routers

from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.sources.cloudstack import SOURCE
from guestseal.machine.firmware import Firmware

ROUTER, SECOND = "127.0.0.21", "127.0.0.22"
NIC, SECOND_NIC = "127.0.0.1", "127.0.0.5"
OTHER_UUID = "6a1c9a8a-0000-4000-8000-00000000000f"
FETCH = ("DomU_Request", "send_my_password")
SAVED = ("DomU_Request", "saved_password")


def source(made: Routers, *hosts: str, network: FakeNetwork | None = None, uuid: str | None = UUID, **options: object):
    ready = machine(network=network, firmware=Firmware(uuid=uuid))
    return SOURCE(ready, made.settings(*hosts, **options))


def endpoint(made: Routers, host: str = ROUTER, nic: str = NIC, name: str = "lo") -> Endpoint:
    return Endpoint(host, made.password_port, nic, name)


def fetch(made: Routers, *hosts: str, seconds: float = 3.0, **options: object) -> Metadata:
    return source(made, *hosts, **options).fetch(soon(seconds))
