"""Scripted misbehaviour: what goes wrong on the wire, for which requests, and for how many of them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase

from guestseal.simulate.service import Fields, Request


class Chunks(Enum):
    """How a body in chunked transfer coding behaves."""

    GOOD = "good"
    BROKEN = "broken"  # a chunk size that is no number
    INFINITE = "infinite"  # chunk after chunk, until somebody closes the connection


@dataclass(frozen=True)
class Fault:
    """One behaviour for the requests that match.

    **Which requests.** `path` is an fnmatch pattern for the target with its query, `header` a header name and an
    fnmatch pattern for its value (all requests to a password server have one path), `source` the client's
    address, `port` the listener's. Of the matching requests the fault takes `times`, from the `first`-th on;
    None is all of them.

    **The answer.** With `status`, `body` or `body_size` (bytes, streamed, never allocated) the fault answers itself;
    otherwise it spoils the service's own answer. `headers` replace those of the same name. `content_length`
    lies. `raw` is sent verbatim instead of any HTTP. `header_flood` adds that many header lines, `header_size`
    one line with a value that long.

    **The wire.** `delay`: seconds before the first byte. `byte_delay`: seconds before each byte, the head's too.
    `truncate_after`: body bytes on the wire before the end. The end is a FIN; with `reset` a RST, with `hang`
    silence until the client gives up or the server closes. `reset` or `hang` without `truncate_after` come
    before the first byte.

    **The service.** It sees the request before any delay if its answer is used, and otherwise only with
    `acts`: the router has deleted the password, but says 503, or nothing.

    Raises ValueError for a combination that means nothing.
    """

    path: str = "*"
    method: str | None = None
    source: str | None = None
    port: int | None = None
    header: tuple[str, str] | None = None
    first: int = 1
    times: int | None = None
    status: int | None = None
    reason: str | None = None
    headers: Fields = ()
    body: bytes | None = field(default=None, repr=False)
    body_size: int | None = None
    content_length: int | None = None
    chunked: Chunks | None = None
    header_flood: int = 0
    header_size: int = 0
    raw: bytes | None = field(default=None, repr=False)
    delay: float = 0.0
    byte_delay: float = 0.0
    truncate_after: int | None = None
    reset: bool = False
    hang: bool = False
    acts: bool = False

    def __post_init__(self) -> None:
        if self.first < 1 or (self.times is not None and self.times < 1):
            raise ValueError("fault: first and times count from 1")
        for name in ("header_flood", "header_size", "delay", "byte_delay", "truncate_after", "body_size"):
            if (getattr(self, name) or 0) < 0:
                raise ValueError(f"fault: {name} is negative")
        if self.reset and self.hang:
            raise ValueError("fault: reset and hang are two different ends")
        if self.body is not None and self.body_size is not None:
            raise ValueError("fault: body and body_size are two different bodies")
        if self.raw is not None and (self.answers_itself or self.truncate_after is not None or self.headers):
            raise ValueError("fault: raw is sent verbatim and takes no status, headers, body or truncation")

    @property
    def answers_itself(self) -> bool:
        """True where the fault brings an HTTP answer of its own."""
        return self.status is not None or self.body is not None or self.body_size is not None

    @property
    def silent(self) -> bool:
        """True where not one byte is sent."""
        return (self.reset or self.hang) and self.truncate_after is None and self.raw is None

    @property
    def asks_service(self) -> bool:
        """True where the service gets to see the request."""
        return self.acts or not (self.answers_itself or self.silent or self.raw is not None)

    def matches(self, request: Request) -> bool:
        """True where the request is one of those meant, whatever the count."""
        if self.header is not None and not fnmatchcase(request.header(self.header[0]) or "", self.header[1]):
            return False
        return (
            fnmatchcase(request.target, self.path)
            and self.method in (None, request.method)
            and self.source in (None, request.source)
            and self.port in (None, request.listener[1])
        )


class FaultScript:
    """The faults in force and how often each has matched. Safe to change while requests are being answered."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = list(faults)
        self._matches: list[int] = [0] * len(self._faults)

    def add(self, fault: Fault) -> None:
        """Append a fault; those already there take precedence."""
        with self._lock:
            self._faults.append(fault)
            self._matches.append(0)

    def clear(self) -> None:
        """Forget all faults and their counts."""
        with self._lock:
            self._faults.clear()
            self._matches.clear()

    def snapshot(self) -> tuple[Fault, ...]:
        """The faults in force, in order of precedence."""
        with self._lock:
            return tuple(self._faults)

    def take(self, request: Request) -> Fault | None:
        """The fault for this request, or None. The first in order wins, but every fault that matches counts it."""
        chosen: Fault | None = None
        with self._lock:
            for index, fault in enumerate(self._faults):
                if not fault.matches(request):
                    continue
                self._matches[index] += 1
                rank = self._matches[index] - fault.first
                if chosen is None and rank >= 0 and (fault.times is None or rank < fault.times):
                    chosen = fault
        return chosen
