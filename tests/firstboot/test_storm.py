"""Hundreds of clones that boot in the same second against one platform."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from support.clones import CloneTree, needs_root
from support.clouds import free_port
from support.first_boot import keys_in, password_is
from support.machine import machine
from support.storm import StormClone, boot_at, prepared

from guestseal.errors import Unreachable
from guestseal.firstboot.discovery import discover
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.source import Source
from guestseal.guest.ssh.authorized_keys import identity_of
from guestseal.machine.clock import Clock, Deadline
from guestseal.settings import Settings
from guestseal.simulate.ec2 import MetadataService
from guestseal.simulate.faults import Fault
from guestseal.simulate.router import VirtualRouter
from guestseal.simulate.server import Simulator

log = logging.getLogger(__name__)

CLONES = 500
ROUTER = "127.0.0.91"
DOWN = 3.0
"""Seconds for which the platform answers 503 at first."""
LEAD = 1.0
"""Seconds in which the clones' threads are started, before all of them begin."""
SLOT = 0.1
SCHEDULED = 1000
BUDGET = Settings().budget
PROCESSES = 8


def per_slot(times: Iterable[float]) -> Counter[int]:
    """How many of ``times`` are in each slot of ``SLOT`` seconds."""
    return Counter(int(moment // SLOT) for moment in times)


class Storm:
    """A simulator for mixed clones: half of them know a router, the others a metadata service of their own host."""

    def __init__(self, place: Path) -> None:
        sources = ("cloudstack", "ec2")
        self.clones = [StormClone(n, sources[n % 2], str(place / f"{n:04}")) for n in range(CLONES)]
        of = {name: [clone for clone in self.clones if clone.source == name] for name in sources}
        self.router = VirtualRouter({clone.address: clone.instance for clone in of["cloudstack"]})
        # EC2's address is link-local: what answers is each clone's own host.
        services = {clone.address: MetadataService({"*": clone.instance}) for clone in of["ec2"]}
        self.ports = free_port(ROUTER), free_port(ROUTER)
        listeners = self.router.listeners(ROUTER, http_port=self.ports[0], password_port=self.ports[1])
        pairs = [*listeners, *(((address, 0), service) for address, service in services.items())]
        self.simulator = Simulator(pairs, [Fault(status=503)])
        self._services = services

    def settings(self, clone: StormClone) -> dict[str, Any]:
        """What leads this clone to its platform."""
        ends = {}
        if clone.source == "ec2":
            ends = {"endpoints": [("ec2", self.simulator.url_of(self._services[clone.address]))]}
        ports = {"metadata_ports": self.ports[:1], "password_ports": self.ports[1:]}
        return {"sources": clone.source, "routers": (ROUTER,), "endpoints": (), "budget": 30.0, **ports, **ends}

    def is_itself(self, clone: StormClone) -> bool:
        """Whether this clone has its own name, key and password, and has acknowledged the last."""
        tree, instance = CloneTree(Path(clone.path)), clone.instance
        own_line = f"127.0.1.1\t{instance.hostname}\n"
        named = tree.read("/etc/hostname") == f"{instance.hostname}\n" and own_line in tree.read("/etc/hosts")
        keyed = keys_in(tree) == {identity_of(clone.key)}
        if instance.password is None:
            return named and keyed
        return named and keyed and password_is(tree, instance.password) and not self.router.pending(clone.address)


@needs_root
def test_Y28_five_hundred_clones_at_once_are_all_themselves(tmp_path: Path) -> None:
    storm = Storm(tmp_path)
    with storm.simulator:
        described = [(clone, storm.settings(clone)) for clone in storm.clones]
        with prepared([described[n::PROCESSES] for n in range(PROCESSES)]) as processes:
            moment = time.monotonic() + LEAD
            up_again = threading.Timer(LEAD + DOWN, storm.simulator.clear_faults)
            up_again.start()
            ended = boot_at(processes, moment, moment + 50)
            up_again.join()
        asked = [exchange.when for exchange in storm.simulator.journal]
    assert [each for each in ended if each["status"] != "done"] == []
    assert [clone.number for clone in storm.clones if not storm.is_itself(clone)] == []
    slots = per_slot(asked)
    seconds = sorted(each["seconds"] for each in ended)
    log.warning(
        "storm: %d requests, at most %d in 0.1 s; clones done after %.1f s (median), %.1f s (last), %d of them late",
        len(asked),
        max(slots.values()),
        seconds[CLONES // 2],
        seconds[-1],
        sum(each["late"] for each in ended),
    )
    # A clone that is answered asks 6 times, and twice a round while the platform is down.
    assert len(asked) < CLONES * 16
    assert max(slots.values()) <= CLONES


class Down(Source):
    """A platform that is down: nobody answers, at once."""

    name = "down"
    urls = ("http://127.0.0.1:1",)

    def fetch(self, deadline: Deadline) -> Metadata:
        """Note the time and fail."""
        self.asked = [*getattr(self, "asked", ()), deadline.clock.monotonic()]
        raise Unreachable("127.0.0.1:1", "connection refused")


class Jumping(Clock):
    """Time passes when the one who asks pauses, at once; the one who listens waits for news."""

    def __init__(self) -> None:
        self.time = 0.0

    def monotonic(self) -> float:
        """Seconds since this clone's start."""
        return self.time

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """As Clock.wait."""
        if threading.current_thread() is threading.main_thread():
            return event.wait(5)
        self.time += seconds
        return event.is_set()


def test_Y28_a_thousand_clones_that_start_together_do_not_stay_together() -> None:
    times: list[float] = []
    chance = random.Random(28).random  # the same at every run: a peak is a matter of chance
    for _ in range(SCHEDULED):
        source = Down(machine(clock=Jumping()), Settings())
        discover([source], Deadline.after(source.machine.clock, BUDGET), jitter=chance)
        times += source.asked
    slots = per_slot(times)
    peaks = {bound: max(count for slot, count in slots.items() if slot * SLOT >= bound) for bound in (0.2, 0.4, 1, 5)}
    log.warning("schedule: %.1f requests a clone in %.0f s; peaks after s: %s", len(times) / SCHEDULED, BUDGET, peaks)
    assert slots[0] == SCHEDULED
    assert peaks[0.2] <= 0.5 * SCHEDULED
    assert peaks[1] <= 0.25 * SCHEDULED
    assert peaks[5] <= 0.25 * SCHEDULED
