"""Clones on a platform: booted at once, logged in to, compared, booted again."""

from __future__ import annotations

import json
import os
import re
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from laboratory.machines import Machine
from laboratory.master import Master
from laboratory.network import ROUTER, Network
from support.debian import run

from guestseal.guest.identity import Identity
from guestseal.simulate.instance import Instance
from guestseal.simulate.platforms import Listeners
from guestseal.simulate.router import VirtualRouter

_KEYS = re.compile(r"(?s)-----BEGIN SSH HOST KEY KEYS-----(.*?)-----END SSH HOST KEY KEYS-----")
_KEY = re.compile(r"(?:ssh|ecdsa)-\S+ AAAA[A-Za-z0-9+/=]+")

T = TypeVar("T")


@dataclass(frozen=True)
class Platform:
    """What stands at the other end of the clones' network."""

    title: str
    source: str
    """The name of guestseal's source that it answers to."""
    services: Callable[[Mapping[str, Instance]], Listeners] | None = None
    """None: it is a CloudStack router."""
    instance_id: Callable[[uuid.UUID], str] = str
    """From the UUID of a machine's firmware to its name on the platform."""
    passwords: bool = True


@dataclass
class Clone:
    """One clone: the machine, what the platform says of it, and who it was when it was last off."""

    machine: Machine
    instance: Instance
    key: Path
    """Its owner's, which the platform serves."""
    identity: Identity = field(default_factory=Identity)
    files: dict[str, tuple[object, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The host name that the platform gives it."""
        return str(self.instance.hostname)

    @property
    def password(self) -> str:
        """The password that the platform gives it."""
        return str(self.instance.password)

    def ssh(self, *command: str, timeout: float | None = None) -> str:
        """What a command says over ssh, where the owner's key opens the clone and its host key is the console's."""
        machine, known = self.machine, self.key.with_suffix(".hosts")
        shown = _KEYS.findall(machine.console.output)
        if shown:
            lines = [f"{machine.seat.address} {key}\n" for key in _KEY.findall(shown[-1])]
            known.write_text("".join(lines))
        within = machine.boot_within if timeout is None else timeout
        return machine.network.until_let_in(machine.seat, self.key, *command, timeout=within, known_hosts=known)

    def until_done(self, source: str, *, timeout: float | None = None) -> None:
        """Wait until guestseal says in the clone that all that ``source`` says is in place.

        At the login prompt that is so, unless the host was too busy to answer in the budget: then it is asked again.
        """
        within = self.machine.boot_within if timeout is None else timeout
        end = time.monotonic() + within
        while True:
            said = json.loads(self.ssh("guestseal status --format json; true", timeout=within))
            if (said["status"], said.get("source")) == ("done", source):
                return
            assert time.monotonic() < end, f"{self.name}: {said['status']}: {said['msg']}"
            time.sleep(1.0)


class Round:
    """Some clones of a sealed master on a platform, in a network of their own. All is gone at the end."""

    def __init__(self, platform: Platform, master: Master, directory: Path, *, clones: int) -> None:
        self.platform, self.master = platform, master
        self.router: VirtualRouter | None = None
        """The platform, where it is one that passwords can be reset at."""
        self.clones: list[Clone] = []
        self._directory, self._count = directory, clones
        self._life = ExitStack()

    def __enter__(self) -> Round:
        with ExitStack() as life:
            name = f"gs{os.getpid()}-{self._directory.name}"
            self.network = life.enter_context(Network(name, self._directory, seats=self._count))
            for number in range(self._count):
                self.clones.append(self._make(number, life))
            self._life = life.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._life.close()

    def serve(self) -> None:
        """Bring the platform up, until the end."""
        instances = {clone.machine.seat.address: clone.instance for clone in self.clones}
        if self.platform.services is None:
            self.router = VirtualRouter(instances)
            services: Listeners = self.router.listeners(ROUTER)
        else:
            services = self.platform.services(instances)
        self._life.enter_context(self.network.serving(services))

    def together(self, action: Callable[[Clone], T]) -> list[T]:
        """What ``action`` comes to for each clone, all at the same time."""
        with ThreadPoolExecutor(len(self.clones)) as pool:
            return list(pool.map(action, self.clones))

    def _make(self, number: int, life: ExitStack) -> Clone:
        name = f"{self._directory.name}-{number + 1}"
        seat = self.network.seats[number]
        machine = life.enter_context(self.master.kind.clone(self.master.machine, name, seat, self.network))
        key = self._directory / f"owner-of-{name}"
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"owner of {name}", "-f", key)
        instance = Instance(
            instance_id=self.platform.instance_id(machine.identity or uuid.uuid4()),
            hostname=name,
            ssh_keys=(key.with_suffix(".pub").read_text().strip(),),
            password=f"Moldy-Pa:ss {name}" if self.platform.passwords else None,
            local_ipv4=seat.address,
        )
        return Clone(machine, instance, key)
