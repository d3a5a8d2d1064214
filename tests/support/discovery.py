"""Sources that do what a test tells them, and looking for the platform among them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from support.machine import FakeClock, FakeNetwork, machine
from support.platforms import UUID

from guestseal.errors import Unreachable
from guestseal.firstboot.discovery import discover
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.source import Likelihood, Source
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings

REFUSED = Unreachable("10.1.1.1:80", "connection refused")


class Script(Source):
    """A source that does what a test wrote down, the last of it for ever."""

    def __init__(
        self,
        name: str,
        *answers: object,
        clock: Clock | None = None,
        likelihood: Likelihood = Likelihood.POSSIBLE,
        ready: bool = True,
        settings: Settings | None = None,
        **said: object,
    ) -> None:
        firmware = Firmware(uuid=UUID)
        made = machine(network=FakeNetwork(ready=ready), firmware=firmware, clock=clock or FakeClock())
        self.name = name  # type: ignore[misc]
        super().__init__(made, settings or Settings())
        self.answers = answers
        self.likelihood = likelihood
        self.fetches = 0
        self.confirmed = 0
        for attribute in ("speaks_for_the_platform", "local", "has_passwords"):
            setattr(self, attribute, said.pop(attribute, getattr(Source, attribute)))
        self.said = said

    def detect(self) -> Likelihood:
        return self.likelihood

    def fetch(self, deadline: Deadline) -> Metadata:
        answer = self.answers[min(self.fetches, len(self.answers) - 1)]
        self.fetches += 1
        if callable(answer):
            answer = answer(deadline)
        if isinstance(answer, BaseException):
            raise answer
        instance = None if answer == "" else str(answer)
        return Metadata(self.name, f"at {self.name}", instance, **self.said)  # type: ignore[arg-type]

    def confirm(self, metadata: Metadata, deadline: Deadline) -> None:
        self.confirmed += 1


def find(sources: Sequence[Source], seconds: float = 30.0, **options: object):
    clock = sources[0].machine.clock
    return discover(sources, Deadline.after(clock, seconds), jitter=lambda: 1.0, **options)  # type: ignore[arg-type]


def hang(until: threading.Event) -> Callable[[Deadline], str]:
    return lambda _: "i-late" if until.wait(5) else "i-never"
