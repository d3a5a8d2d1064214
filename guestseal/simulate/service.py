"""What a simulated service is: a request goes in, an answer comes out.

Services know nothing of sockets. That is what lets one service listen at several addresses (a redundant router),
and what keeps the faults (see `guestseal.simulate.faults`) out of the services.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Protocol
from urllib.parse import unquote

Address = tuple[str, int]
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire.

    `fields` are the header lines in the order and spelling in which the client sent them; `listener` is the
    address and port that accepted the connection; `source` is the client's address without a scope id.
    """

    source: str
    source_port: int
    listener: Address
    method: str
    target: str
    fields: Fields = ()
    body: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> str:
        """The target without its query, percent-decoded."""
        return unquote(self.target.split("?", 1)[0])

    @property
    def headers(self) -> dict[str, str]:
        """The header lines by lower-cased name; values of a repeated name are joined by a comma (RFC 9110, 5.3)."""
        joined: dict[str, str] = {}
        for name, value in self.fields:
            key = name.lower()
            joined[key] = f"{joined[key]}, {value}" if key in joined else value
        return joined

    def header(self, name: str) -> str | None:
        """The value of header `name` in any spelling, or None where the client did not send it."""
        return self.headers.get(name.lower())


@dataclass(frozen=True)
class Response:
    """A complete answer. `framed=False` leaves out Content-Length: the body ends where the connection does.

    The body may be a password, so it is kept out of `repr`.
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: Fields = ()
    reason: str | None = None
    version: str = "HTTP/1.1"
    framed: bool = True

    @property
    def phrase(self) -> str:
        """The reason phrase: the given one, or the one HTTP knows for the status, or nothing."""
        return reason_phrase(self.status) if self.reason is None else self.reason


class Service(Protocol):
    """Anything that answers requests. `answer` is called by one thread at a time and must not block."""

    def answer(self, request: Request) -> Response:
        """The answer to `request`."""


def reason_phrase(status: int) -> str:
    """The standard reason phrase of a status code; empty for a code that HTTP does not know."""
    known = {item.value: item.phrase for item in HTTPStatus}
    return known.get(status, "")


def http_date() -> str:
    """The present moment as a Date header wants it."""
    return formatdate(usegmt=True)


def error_page(status: int, text: str = "") -> bytes:
    """An HTML error page, as web servers send it where a careless client expects one line of text."""
    title = f"{status} {reason_phrase(status)}".strip()
    return (
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n'
        f"<html><head>\n<title>{title}</title>\n</head><body>\n<h1>{title}</h1>\n<p>{html.escape(text)}</p>\n"
        "</body></html>\n"
    ).encode()
