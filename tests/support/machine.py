"""A machine for tests: a clock that jumps, a network that is made up, and no packet to anywhere but loopback."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from guestseal.errors import Absent, CommandError
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.commands import Commands, Completed
from guestseal.machine.firmware import Firmware
from guestseal.machine.host import Machine
from guestseal.machine.network import Gateway, Interface
from guestseal.machine.resolver import Lookup, Resolver

CLONE = "127.0.0.1"
"""The address that a clone asks from, unless a test says otherwise."""


def nowhere(name: str) -> list[str]:
    """A name server that knows no name."""
    raise Absent(name, "no such name")


class HangingLookup:
    """A name server that answers when it is released, and then that there is no such name."""

    def __init__(self) -> None:
        self.release = threading.Event()

    def __call__(self, name: str) -> list[str]:
        self.release.wait(5)
        raise Absent(name, "no such name")


class FakeClock(Clock):
    """Waits for nothing: what is not about to happen anyway takes no time, and the clock jumps.

    It jumps when nobody is at work: on a busy machine a thread that has something to do may
    be kept from it for long, and would find that hours have gone by.
    """

    def __init__(self) -> None:
        self.time = 1000.0
        self.waits: list[float] = []
        self._wakes: list[float] = []
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        with self._lock:
            return self.time

    def wait(self, event: threading.Event, seconds: float) -> bool:
        with self._lock:
            wake = self.time + max(0.0, seconds)
            self._wakes.append(wake)
        quiet = _Quiet()
        try:
            while not event.wait(0.01) and not self._is_next(wake, quiet):
                pass
        finally:
            with self._lock:
                self._wakes.remove(wake)
                if not event.is_set():
                    self.waits.append(seconds)
        return event.is_set()

    def _is_next(self, wake: float, quiet: _Quiet) -> bool:
        """Whether it is the time of the one who waits until ``wake``: of all who wait, the first goes on first."""
        with self._lock:
            if wake == min(self._wakes) and (self.time >= wake or quiet.now()):
                self.time = max(self.time, wake)
            return self.time >= wake


class _Quiet:
    """Whether no other thread of this process has anything to do."""

    LOOKS = 2
    """In a row: who waits for the interpreter's lock sleeps, and gets it before the second look."""
    PATIENCE = 500
    """Looks until a thread that is always busy is no longer waited for."""

    def __init__(self) -> None:
        self._in_a_row = self._looks = 0

    def now(self) -> bool:
        self._looks += 1
        self._in_a_row = 0 if any(state in "RD" for state in _states_of_other_threads()) else self._in_a_row + 1
        return self._in_a_row >= self.LOOKS or self._looks >= self.PATIENCE


def _states_of_other_threads() -> Iterator[str]:
    """As in proc(5): R for one that runs or could, D for one that waits for a disk."""
    own = Path("/proc/thread-self").resolve()
    for task in own.parent.iterdir():
        if task != own:
            with suppress(OSError):  # it has ended
                yield (task / "stat").read_text().rpartition(") ")[2][0]


class FakeNetwork:
    """Interfaces as given: by default one, on loopback, so that probes leave from 127.0.0.1."""

    def __init__(
        self,
        interfaces: Sequence[Interface] | None = None,
        *,
        gateways: Sequence[Gateway] = (),
        lookup: Lookup = nowhere,
        ready: bool = True,
    ) -> None:
        self._interfaces = (interface(CLONE),) if interfaces is None else tuple(interfaces)
        self._gateways = tuple(gateways)
        self._ready = ready
        self.resolver = Resolver(lookup)

    def interfaces(self) -> tuple[Interface, ...]:
        return self._interfaces

    def cards(self) -> dict[str, str | None]:
        return {each.name: each.mac for each in self._interfaces}

    def gateways(self) -> tuple[Gateway, ...]:
        return self._gateways

    def ready(self) -> bool:
        return self._ready


class FakeCommands(Commands):
    """Programs that say what a test gives them, with status 0 or as given; all others are missing.

    ``ran`` has every call.
    """

    def __init__(self, outputs: Mapping[str, bytes | Completed] | None = None) -> None:
        super().__init__()
        self._outputs = outputs or {}
        self.ran: list[tuple[str, ...]] = []

    def run(self, arguments, *, timeout, stdin=b"", descriptors=(), accept=(0,)):  # type: ignore[no-untyped-def]
        self.ran.append(tuple(arguments))
        if arguments[0] not in self._outputs:
            raise CommandError(f"{arguments[0]}: not run: No such file or directory")
        said = self._outputs[arguments[0]]
        done = said if isinstance(said, Completed) else Completed(0, said, b"")
        if done.status not in accept:
            raise CommandError(f"{arguments[0]}: exit status {done.status}")
        return done


class Impatient(Commands):
    """The real programs, but none is waited for longer than ``patience`` seconds, however long it was given.

    ``given`` has the seconds of every call.
    """

    def __init__(self, environment: Mapping[str, str], patience: float) -> None:
        super().__init__(environment)
        self._patience = patience
        self.given: list[float] = []

    def run(self, arguments, *, timeout, **options):  # type: ignore[no-untyped-def]
        self.given.append(timeout)
        return super().run(arguments, timeout=min(timeout, self._patience), **options)


def interface(*addresses: str, name: str = "lo", prefix: int = 8) -> Interface:
    """An interface with IPv4 addresses. On ``lo`` it can be used for real."""
    return Interface(name, None, tuple(ipaddress.IPv4Interface(f"{address}/{prefix}") for address in addresses))


def machine(
    *,
    network: FakeNetwork | None = None,
    firmware: Firmware | None = None,
    clock: Clock | None = None,
    commands: Commands | None = None,
) -> Machine:
    """A machine without a trace of the real one."""
    made = Machine(clock=clock or Clock(), commands=commands or FakeCommands(), root_directory="/nonexistent")
    made.network = network or FakeNetwork()  # type: ignore[assignment]
    made.firmware = firmware or Firmware()
    return made


def soon(seconds: float = 2.0) -> Deadline:
    """A deadline on the real clock: enough for loopback, and short where something hangs."""
    return Deadline.after(Clock(), seconds)
