"""For the tests of sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from support.platforms import WEB, Routers, start_routers
from support.virtual_router import ROUTER

from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance


@pytest.fixture
def routers() -> Iterator[Callable[..., Routers]]:
    with ExitStack() as stack:

        def start(*faults: Fault, **clones: dict[str, Instance]) -> Routers:
            made = start_routers(clones or {ROUTER: {"*": WEB}}, faults)
            stack.callback(made.simulator.close)
            return made

        yield start
