"""Reading one HTTP request from a socket, within bounds."""

from __future__ import annotations

import asyncio
import re
import socket

from guestseal.simulate.service import Address, Fields, Request

LONGEST_LINE = 8 * 1024
MOST_HEADERS = 100
LARGEST_BODY = 64 * 1024

_LARGEST_HEAD = 64 * 1024
_RECEIVE = 16 * 1024
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # RFC 9110, 5.6.2: the underscore of DomU_Request is fine
_REQUEST_LINE = re.compile(rf"(?P<method>{_TOKEN}) (?P<target>\S+) HTTP/1\.[01]")


class BadRequest(Exception):
    """What arrived is no request that this server reads; `status` is the answer to it."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


async def read_request(connection: socket.socket, peer: Address, listener: Address) -> Request | None:
    """The request on a non-blocking connection, or None where the client left without one.

    Raises BadRequest where it is malformed or too large, OSError where the connection fails. Waits for as long as
    the client takes: the caller sets the limit.
    """
    head, rest = await _read_head(connection)
    if head is None:
        return None
    method, target, fields = parse_head(head)
    request = Request(peer[0], peer[1], listener, method, target, fields)
    if request.header("Transfer-Encoding") is not None:
        raise BadRequest(411, "chunked requests are not read")
    length = request.header("Content-Length") or "0"
    if not re.fullmatch("[0-9]{1,9}", length):
        raise BadRequest(400, "Content-Length is no number")
    if int(length) > LARGEST_BODY:
        raise BadRequest(413, "body too large")
    body = await _read_body(connection, rest, int(length))
    return Request(peer[0], peer[1], listener, method, target, fields, body)


def parse_head(head: bytes) -> tuple[str, str, Fields]:
    """Method, target and header lines of a request head without its empty line. Raises BadRequest."""
    lines = re.split(rb"\r?\n", head)
    if any(len(line) > LONGEST_LINE for line in lines):
        raise BadRequest(414 if len(lines[0]) > LONGEST_LINE else 431, "line too long")
    if len(lines) - 1 > MOST_HEADERS:
        raise BadRequest(431, "too many headers")
    start = _REQUEST_LINE.fullmatch(lines[0].decode("latin-1"))
    if start is None:
        raise BadRequest(400, "not a request line")
    fields = []
    for line in lines[1:]:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not re.fullmatch(_TOKEN, name):
            raise BadRequest(400, "not a header line")
        fields.append((name, value.strip(" \t")))
    return start["method"], start["target"], tuple(fields)


async def _read_head(connection: socket.socket) -> tuple[bytes | None, bytes]:
    loop = asyncio.get_running_loop()
    data = b""
    while True:
        found = _END_OF_HEAD.search(data)
        if found:
            return data[: found.start()], data[found.end() :]
        if len(data) > _LARGEST_HEAD or (b"\n" not in data and len(data) > LONGEST_LINE):
            raise BadRequest(431 if b"\n" in data else 414, "head too large")
        more = await loop.sock_recv(connection, _RECEIVE)
        if not more:
            if data:
                raise BadRequest(400, "the request ends in its head")
            return None, b""
        data += more


async def _read_body(connection: socket.socket, body: bytes, length: int) -> bytes:
    loop = asyncio.get_running_loop()
    while len(body) < length:
        more = await loop.sock_recv(connection, _RECEIVE)
        if not more:
            raise BadRequest(400, "the request ends in its body")
        body += more
    return body[:length]
