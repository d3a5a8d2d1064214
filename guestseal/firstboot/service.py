"""One service at several addresses: all are asked at the same time, and the first answer is the service's."""

from __future__ import annotations

from abc import abstractmethod

from guestseal.errors import Absent, SourceError, Unreachable
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.source import Attempt, Source
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http
from guestseal.machine.parallel import Parallel

CONVERSATION = 8.0
"""Seconds for everything that one address is asked."""


class ServiceSource(Source):
    """A source that asks one service at its endpoints."""

    @abstractmethod
    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """Everything that one endpoint says, by ``deadline``. Raises a SourceError."""

    def fetch(self, deadline: Deadline) -> Metadata:
        """What the first of the endpoints says that says something; ``attempts`` has what all said.

        Raises a SourceError: that of an endpoint which said no rather than that of one which
        nobody answers.
        """
        self.attempts = ()
        failures: list[SourceError] = []
        endpoints = self.endpoints()
        with Http(self.machine.clock, self.machine.network.resolver) as http:
            asked: Parallel[Endpoint, Metadata] = Parallel(self.machine.clock)
            for endpoint in endpoints:
                asked.start(endpoint, lambda to=endpoint: self.read(http, to, deadline.within(CONVERSATION)))  # type: ignore[misc]
            silent = dict.fromkeys(endpoints)
            for outcome in asked.until(deadline):
                silent.pop(outcome.key, None)
                try:
                    metadata = outcome.result()
                except SourceError as error:
                    failures.append(error)
                    self.attempts += (Attempt(self.name, str(outcome.key), error.why, outcome.seconds),)
                    continue
                self.attempts += (Attempt(self.name, str(outcome.key), "answered", outcome.seconds),)
                return metadata
        failures += [Unreachable(str(endpoint), "timed out") for endpoint in silent]
        # It is one service at several addresses: where one of them says no, waiting for another is no use.
        errors = sorted(failures, key=lambda error: isinstance(error, Unreachable))
        raise errors[0] if errors else Absent(self.name, "no address is known")
