"""HTTP to metadata services, bounded in time and bytes, believing as little as possible.

No proxies, no redirects, no cookies, no .netrc, no compression, no HTTP/0.9. One deadline
covers connecting, sending, header and body together. Nothing a server sent is ever
logged or quoted in an error: it may be a password.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING

from guestseal.errors import Absent, Denied, Malformed, Unreachable
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.endpoint import Endpoint
from guestseal.machine.resolver import Resolver

if TYPE_CHECKING:
    from guestseal.machine.transport import Line


@dataclass(frozen=True)
class Request:
    """What a server is asked, or told."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Answer:
    """One complete answer, whatever its status. What the server sent stays out of ``repr``."""

    address: str
    """Who was asked and for what, for people."""
    status: int
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    surplus: bool = False
    """More bytes came than the Content-Length says: the body may be a part of what was meant."""

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; empty where the server names none."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def accepted(self) -> Answer:
        """This answer, when its status is 200 and it is not a page for people.

        Raises Absent (404, 410), Denied (401, 403), Unreachable (429, 5xx: asking again may
        help) or Malformed (anything else: a redirect, a page of HTML, 405, 501).
        """
        if self.status == 200 and self.content_type not in ("text/html", "application/xhtml+xml"):
            return self
        if self.status in (404, 410):
            raise Absent(self.address, f"status {self.status}")
        if self.status in (401, 403):
            raise Denied(self.address, f"status {self.status}")
        # Retry-After is not read: whoever asks again does so with a growing, jittered pause inside its budget.
        if self.status == 429 or (self.status >= 500 and self.status != 501):
            raise Unreachable(self.address, f"status {self.status}")
        if 300 <= self.status < 400:
            raise Malformed(self.address, f"status {self.status}: redirects are not followed")
        if self.status == 200:
            raise Malformed(self.address, "a page of HTML where metadata was expected")
        raise Malformed(self.address, f"status {self.status}")


class Http:
    """A client that keeps connections open, to be closed by leaving its ``with`` block. Thread-safe."""

    def __init__(self, clock: Clock, resolver: Resolver | None = None) -> None:
        self.clock = clock
        self._resolver = resolver or Resolver()
        self._lock = threading.Lock()
        self._idle: dict[Endpoint, list[Line]] = {}
        self._closed = False

    def __enter__(self) -> Http:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close what is idle now, and the rest when it comes back."""
        with self._lock:
            self._closed = True
            lines = [line for lines in self._idle.values() for line in lines]
            self._idle.clear()
        for line in lines:
            line.close()

    def get(
        self, endpoint: Endpoint, path: str, *, deadline: Deadline, limit: int, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The item at ``path``: at most ``limit`` bytes, complete by ``deadline``. Raises as Answer.accepted."""
        return self.ask(endpoint, f"GET {path}", deadline=deadline, limit=limit, headers=headers).accepted()

    def get_optional(
        self, endpoint: Endpoint, path: str, *, deadline: Deadline, limit: int, headers: Mapping[str, str] | None = None
    ) -> Answer | None:
        """As ``get``; None: the server answered that there is no such item."""
        try:
            return self.get(endpoint, path, deadline=deadline, limit=limit, headers=headers)
        except Absent:
            return None

    def ask(
        self,
        endpoint: Endpoint,
        request: str,
        *,
        deadline: Deadline,
        limit: int,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to ``request`` ("PUT /path"), whatever its status, where more of them than 200 mean something.

        Raises Unreachable (refused, timed out, reset, cut short) or Malformed (not HTTP, too large).
        """
        method, _, path = request.partition(" ")
        return self.send(endpoint, Request(method, path, headers or {}), deadline=deadline, limit=limit)

    def send(self, endpoint: Endpoint, request: Request, *, deadline: Deadline, limit: int) -> Answer:
        """As ``ask``, with all that a request can have."""
        line = self._take(endpoint, deadline)
        try:
            status, fields, body = line.exchange(request, limit=limit, deadline=deadline)
            return Answer(f"{endpoint} {request.path}", status, body, fields, line.bounds.surplus)
        finally:
            self._give_back(line)

    def _take(self, endpoint: Endpoint, deadline: Deadline) -> Line:
        from guestseal.machine.transport import Line

        with self._lock:
            idle = self._idle.get(endpoint)
            if idle:
                return idle.pop()
        return Line(endpoint, self._resolver, deadline)

    def _give_back(self, line: Line) -> None:
        with self._lock:
            if not self._closed:
                self._idle.setdefault(line.endpoint, []).append(line)
                return
        line.close()
