"""What a source is: a class in one module of guestseal.firstboot.sources.

A module there is a source: its file name is the source's name, its docstring the
manual, its ``SOURCE`` the class. A source turns a platform's protocol into Metadata
that has passed guestseal.firstboot.validation, and nothing else: it changes nothing
on the machine, and ``fetch`` acknowledges nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from guestseal.errors import UsageError
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.platforms import Likelihood, likelihood
from guestseal.machine.clock import Deadline
from guestseal.machine.host import Machine
from guestseal.settings import Settings

__all__ = ["Attempt", "Likelihood", "Source"]


@dataclass(frozen=True)
class Attempt:
    """One address that was asked, and what became of it, for people."""

    source: str
    address: str
    answer: str
    """What was answered, or why nothing was believed; never holds what was received."""
    seconds: float


def endpoints_of(service: str, settings: Settings, urls: Sequence[str]) -> list[Endpoint]:
    """Where ``service`` is: where the setting ``endpoints`` says, or else at ``urls``. Raises UsageError."""
    named = [url for name, url in settings.endpoints if name == service]
    try:
        return [Endpoint.parse(url) for url in named or urls]
    except ValueError as error:
        where = settings.origin_of("endpoints")
        raise UsageError(f"{where}: [firstboot] endpoints: {service}: it takes {error}") from None


class Source(ABC):
    """One platform's way of telling a machine what it is.

    ``machine`` gives network, firmware and clock; ``settings`` the endpoints and limits.
    Raises UsageError for an endpoint that is no URL.
    """

    name: ClassVar[str]
    urls: ClassVar[tuple[str, ...]] = ()
    """Where the platform's service is, ``http://HOST[:PORT]`` each; the setting ``endpoints`` replaces them."""
    speaks_for_the_platform: ClassVar[bool] = True
    """Its answer is an answer; that of one which does not only fills what the others leave open."""
    local: ClassVar[bool] = False
    """It reads a disk, a file or the firmware: it answers without a network, and whoever can attach a disk can
    speak by it. After the first boot it is believed only with the instance-id that the machine had then, and where it
    names none, only if it was the one who spoke then."""
    awaits_report: ClassVar[bool] = False
    """Its platform waits to be told that the machine is ready: ``report_ready`` does so."""
    has_passwords: ClassVar[bool] = False
    """It may have a password that another source, which answers sooner, knows nothing of."""

    def __init__(self, machine: Machine, settings: Settings) -> None:
        self.machine = machine
        self.settings = settings
        self.attempts: tuple[Attempt, ...] = ()
        """What the last ``fetch`` asked and heard; empty for a source that leaves it to its one error."""
        self._configured = endpoints_of(self.name, settings, self.urls)

    def detect(self) -> Likelihood:
        """How likely this platform is, from local facts only: no packet is sent."""
        return likelihood(self.name, self.machine.firmware)

    def endpoints(self) -> list[Endpoint]:
        """Where to ask now: the administrator's addresses, or else the platform's.

        ``%25if`` in an IPv6 link-local one stands for every interface that has a carrier.
        """
        return [each for endpoint in self._configured for each in self._on_interfaces(endpoint)]

    def _on_interfaces(self, endpoint: Endpoint) -> list[Endpoint]:
        if not endpoint.host.endswith("%if"):
            return [endpoint]
        host = endpoint.host.removesuffix("if")
        return [replace(endpoint, host=host + each.name) for each in self.machine.network.interfaces()]

    @abstractmethod
    def fetch(self, deadline: Deadline) -> Metadata:
        """Ask once, every candidate at the same time, and return by ``deadline``.

        Raises a SourceError: Unreachable (nobody answered; asking again may help), Absent
        (somebody answered that this is not the place), Denied, Malformed.
        """

    def confirm(self, metadata: Metadata, deadline: Deadline) -> None:
        """Tell the platform that the password of ``metadata`` is set and verified.

        Called after the password is on disk. Raises a SourceError when any of
        ``metadata.password_from`` did not take it; asking again is harmless.
        """
        return

    def report_ready(self, deadline: Deadline) -> None:
        """Tell the platform that this machine is what it was to become, and return by ``deadline``.

        Called until it has succeeded once on a clone, of which everything is on disk, where
        ``awaits_report`` is set; also on a source whose ``fetch`` found nothing this time. Raises a
        SourceError when the platform did not take it; telling it twice is harmless.
        """
        return
