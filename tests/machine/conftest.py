"""For the tests of the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from support.echo import Echo, Server

from guestseal.machine.clock import Clock
from guestseal.machine.endpoint import Endpoint
from guestseal.machine.http import Http
from guestseal.simulate.faults import Fault
from guestseal.simulate.server import Simulator


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    with ExitStack() as stack:

        def start(*faults: Fault, host: str = "127.0.0.1") -> Server:
            service = Echo()
            simulator = stack.enter_context(Simulator({(host, 0): service}, faults))
            return Server(simulator, Endpoint(*simulator.address_of(service)))

        yield start


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(Clock()) as made:
        yield made
