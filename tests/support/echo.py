"""A server that says one thing, with scripted faults, and asking it."""

from __future__ import annotations

from dataclasses import dataclass

from support.machine import soon

from guestseal.machine.endpoint import Endpoint
from guestseal.machine.http import Answer, Http
from guestseal.simulate.server import Simulator
from guestseal.simulate.service import Request, Response

SECRET = "hunter2-the-secret"
LIMIT = 1000


class Echo:
    """Answers everything with the secret."""

    def answer(self, request: Request) -> Response:
        return Response(200, SECRET.encode(), headers=(("Content-Type", "text/plain"),))


@dataclass
class Server:
    """A simulator and the endpoint it is at."""

    simulator: Simulator
    endpoint: Endpoint

    @property
    def headers(self) -> dict[str, str]:
        """The header of the last request."""
        return self.simulator.journal.snapshot()[-1].headers


def get(http: Http, endpoint: Endpoint, *, seconds: float = 2.0, limit: int = LIMIT) -> Answer:
    return http.get(endpoint, "/latest/x", deadline=soon(seconds), limit=limit)
