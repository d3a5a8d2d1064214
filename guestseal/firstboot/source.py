"""What a source is: a class in one module of guestseal.firstboot.sources.

A module there is a source: its file name is the source's name, its docstring the
manual, its ``SOURCE`` the class. A source turns a platform's protocol into Metadata
that has passed guestseal.firstboot.validation, and nothing else: it changes nothing
on the machine, and ``fetch`` acknowledges nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from guestseal.firstboot.metadata import Metadata
from guestseal.machine.clock import Deadline
from guestseal.machine.host import Machine
from guestseal.settings import Settings


class Likelihood(IntEnum):
    """What local facts say of a source. It orders the answers; it never forbids a probe."""

    UNLIKELY = 0
    """The firmware names another platform."""
    POSSIBLE = 1
    """Nothing speaks for it or against it."""
    LIKELY = 2
    """The firmware names this platform."""


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
    """

    name: ClassVar[str]

    def __init__(self, machine: Machine, settings: Settings) -> None:
        self.machine = machine
        self.settings = settings
        self.attempts: tuple[Attempt, ...] = ()
        """What the last ``fetch`` asked and heard; empty for a source that leaves it to its one error."""

    def detect(self) -> Likelihood:
        """How likely this platform is, from local facts only: no packet is sent."""
        return Likelihood.POSSIBLE

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
