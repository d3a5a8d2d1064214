"""Asking simulated platforms, and what the tests of several sources check in the same way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from support.machine import FakeNetwork, interface, machine, soon
from support.platforms import Platform

from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.source import Source
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.blackhole import BlackHole
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance

Serve = Callable[..., Platform]
WRONG = (None, 5, True, "", [], {}, [[]], [None], [5], {"a": {"b": 1}}, "\ud800", "<html>", "a\nb", "x" * 5000)
"""What a value may be that it should not be."""


class Asking:
    """Fetches of one source from platforms that are taken down at the end."""

    def __init__(self, kind: type[Source], serve: Serve, vm: Instance, stack: ExitStack) -> None:
        self._kind, self._serve, self._vm, self._stack = kind, serve, vm, stack
        self.platform: Platform | None = None
        """The last one that was asked."""

    def __call__(self, *faults: Fault, vm: Instance | None = None, firmware: Firmware | None = None, **options: Any):
        """What the source makes of the platform of ``vm``; ``options`` are settings, and ``host`` where it listens."""
        self.platform = served = self._serve(self._vm if vm is None else vm, *faults, **options)
        self._stack.callback(served.close)
        return self._kind(machine(firmware=firmware), served.settings).fetch(soon())

    @property
    def asked(self) -> list[str]:
        """The targets that were asked for, in order."""
        assert self.platform is not None and self.platform.simulator is not None
        return self.platform.simulator.journal.targets()


@contextmanager
def asking(kind: type[Source], serve: Serve, vm: Instance) -> Iterator[Asking]:
    """Fetches of ``kind`` from the platforms that ``serve`` starts."""
    with ExitStack() as stack:
        yield Asking(kind, serve, vm, stack)


def said(path: str, document: object) -> Fault:
    """The answer of ``path`` is this JSON document."""
    kind = (("Content-Type", "application/json"),)
    return Fault(path=path, status=200, body=json.dumps(document).encode(), headers=kind)


def told(found: Metadata) -> tuple[object, ...]:
    """The values that every platform has, and the remarks."""
    return (found.instance_id, found.hostname, found.ssh_keys, found.remarks)


def answer_of_ipv6_alone(kind: type[Source], serve: Serve, vm: Instance) -> Metadata:
    """What ``kind`` finds when the first of its two addresses swallows everything and the second is IPv6."""
    with BlackHole() as hole, ExitStack() as stack:
        served = serve(vm, host="::1")
        stack.callback(served.close)
        (_, url), *_ = served.settings.endpoints
        urls = (f"http://127.0.0.1:{hole.address[1]}", url)
        return kind(machine(), Settings(endpoints=tuple((kind.name, each) for each in urls))).fetch(soon(1.0))


def addresses_of(kind: type[Source]) -> list[str]:
    """The conventional addresses, on a machine with the interfaces eth0 and eth1."""
    network = FakeNetwork([interface("192.0.2.1", name="eth0"), interface("192.0.2.2", name="eth1")])
    return [str(endpoint) for endpoint in kind(machine(network=network), Settings()).endpoints()]
