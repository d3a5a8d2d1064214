"""What a source is: a class in one module of guestseal.firstboot.sources.

A module there is a source: its file name is the source's name, its docstring the
manual, its ``SOURCE`` the class. A source turns a platform's protocol into Metadata
that has passed guestseal.firstboot.validation, and nothing else: it changes nothing
on the machine, and ``fetch`` acknowledges nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
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
    speak by it. After the first boot it is believed only with the instance-id it had then."""
    has_passwords: ClassVar[bool] = False
    """It may have a password that another source, which answers sooner, knows nothing of."""

    def __init__(self, machine: Machine, settings: Settings) -> None:
        self.machine = machine
        self.settings = settings
        self.attempts: tuple[Attempt, ...] = ()
        """What the last ``fetch`` asked and heard; empty for a source that leaves it to its one error."""
        urls = [url for source, url in settings.endpoints if source == self.name] or self.urls
        try:
            self._configured = [Endpoint.parse(url) for url in urls]
        except ValueError as error:
            where = settings.origin_of("endpoints")
            raise UsageError(f"{where}: [firstboot] endpoints: {self.name}: it takes {error}") from None

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
