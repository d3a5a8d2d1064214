"""One service at several addresses: all are asked at the same time, and the first answer is the service's."""

from __future__ import annotations

from collections.abc import Callable

from guestseal.errors import Absent, SourceError, Unreachable
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.source import Attempt, Source
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http
from guestseal.machine.parallel import Parallel

CONVERSATION = 8.0
"""Seconds for everything that one address is asked."""

Conversation = Callable[[Http, Endpoint, Deadline], Metadata]


def first_answer(source: Source, converse: Conversation, deadline: Deadline) -> Metadata:
    """What the first of the source's endpoints says that says something; ``source.attempts`` has what all said.

    ``converse`` asks one endpoint everything. Raises a SourceError: that of an endpoint
    which said no rather than that of one which nobody answers.
    """
    source.attempts = ()
    failures: list[SourceError] = []
    endpoints = source.endpoints()
    with Http(source.machine.clock, source.machine.network.resolver) as http:
        asked: Parallel[Endpoint, Metadata] = Parallel(source.machine.clock)
        for endpoint in endpoints:
            asked.start(endpoint, lambda to=endpoint: converse(http, to, deadline.within(CONVERSATION)))  # type: ignore[misc]
        silent = dict.fromkeys(endpoints)
        for outcome in asked.until(deadline):
            silent.pop(outcome.key, None)
            try:
                metadata = outcome.result()
            except SourceError as error:
                failures.append(error)
                source.attempts += (Attempt(source.name, str(outcome.key), error.why, outcome.seconds),)
                continue
            source.attempts += (Attempt(source.name, str(outcome.key), "answered", outcome.seconds),)
            return metadata
    failures += [Unreachable(str(endpoint), "timed out") for endpoint in silent]
    # It is one service at several addresses: where one of them says no, waiting for another is no use.
    errors = sorted(failures, key=lambda error: isinstance(error, Unreachable))
    raise errors[0] if errors else Absent(source.name, "no address is known")
