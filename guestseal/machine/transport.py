"""One HTTP exchange on requests and urllib3, with the bounds those two do not have.

Their timeouts count anew for every recv(2), so a server that sends a byte now and then
holds them for ever. Here the socket itself asks the deadline before every operation
and counts every byte that arrives: neither a header that never ends nor a chunk size
a gigabyte long is read on. What went wrong leaves as a SourceError from where it was
noticed, through both libraries, and quotes nothing of what the server sent.

requests is used without its Session: cookies, .netrc, proxies of the environment and
redirects are the session's. Works with urllib3 1.26 and 2.x. Only guestseal.machine.http
imports this module, and only when something is asked.
"""

from __future__ import annotations

import errno
import http.client
import io
import logging
import os
import random
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from guestseal.errors import Denied, Malformed, SourceError, Unreachable
from guestseal.machine.clock import Deadline
from guestseal.machine.endpoint import Endpoint
from guestseal.machine.resolver import Resolver

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

    from guestseal.machine.http import Request

CONNECT_TIMEOUT = 2.0
"""Seconds for one TCP handshake: on the same link, a SYN and its first repetition after 1 s (RFC 6298)."""
HEAD_LIMIT = 64 * 1024
"""Bytes of status line and header; also the slack for the framing of a chunked body."""
BLOCK = 16 * 1024

# urllib3 quotes what it could not parse of a header in a warning, and that may be a password: it logs nothing at all.
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


class Bounds:
    """What one exchange may still take: time and bytes. ``address`` is for the errors."""

    def __init__(self, address: str, deadline: Deadline) -> None:
        self.address = address
        self.deadline = deadline
        self.allowance = HEAD_LIMIT
        self.ended = False
        """The server has closed its side."""
        self.surplus = False
        """More bytes came than the answer has."""
        self.closing = False

    def begin(self, deadline: Deadline) -> None:
        """Start over for the next exchange."""
        self.deadline, self.allowance = deadline, HEAD_LIMIT
        self.ended = self.surplus = self.closing = False

    def seconds(self) -> float:
        """Seconds left, more than zero. Raises Unreachable when there are none."""
        remaining = self.deadline.remaining
        if remaining <= 0:
            raise Unreachable(self.address, "timed out")
        return remaining

    def received(self, count: int) -> None:
        """Take note of ``count`` bytes. Raises Malformed when they are too many."""
        self.ended = self.ended or count == 0
        self.allowance -= count
        if self.allowance < 0:
            raise Malformed(self.address, "too large: it sends more than its answer may have")

    def failed(self, error: OSError) -> Unreachable:
        """The error for a socket operation that failed."""
        if isinstance(error, socket.timeout):
            return Unreachable(self.address, "timed out")
        if error.errno == errno.ECONNREFUSED:
            return Unreachable(self.address, "connection refused")
        return Unreachable(self.address, (error.strerror or str(error)).lower())


class BoundedSocket(socket.socket):
    """A socket whose every operation obeys ``bounds``."""

    bounds: Bounds

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        """As socket.recv_into, within the bounds."""
        if self.bounds.closing:
            return 0
        self.settimeout(self.bounds.seconds())
        # A server that sends header and body apart waits for the first one's ACK (Nagle), and a kept-open
        # connection delays that by 40 ms: tcp(7), TCP_QUICKACK.
        self.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        try:
            count = super().recv_into(buffer, nbytes, flags)
        except OSError as error:
            raise self.bounds.failed(error) from None
        self.bounds.received(count)
        return count

    def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
        """As socket.sendall, within the bounds."""
        self.settimeout(self.bounds.seconds())
        try:
            super().sendall(data, flags)
        except OSError as error:
            raise self.bounds.failed(error) from None

    def makefile(self, *args: Any, **options: Any) -> Any:
        """The reader that http.client asks for; it knows what was left over when it is closed."""
        return _Reader(super().makefile("rb", buffering=0), self.bounds)


class _Reader(io.BufferedReader):
    def __init__(self, raw: io.RawIOBase, bounds: Bounds) -> None:
        super().__init__(raw)
        self._bounds = bounds

    def close(self) -> None:
        if not self.closed:
            # With ``closing`` set the socket gives nothing more, so this is what had been read ahead.
            self._bounds.closing = True
            self._bounds.surplus = bool(self.peek(1))
        super().close()


class Line:
    """A connection to one endpoint, for one exchange at a time; kept open where the server keeps it."""

    def __init__(self, endpoint: Endpoint, resolver: Resolver, deadline: Deadline) -> None:
        self.endpoint = endpoint
        self.bounds = Bounds(str(endpoint), deadline)
        self._resolver = resolver
        self._adapter = _Adapter(_Pool(endpoint.host.partition("%")[0], endpoint.port, maxsize=1, line=self))

    def close(self) -> None:
        """Give the connection back."""
        self._adapter.close()

    def exchange(self, wanted: Request, *, limit: int, deadline: Deadline) -> tuple[int, Mapping[str, str], bytes]:
        """Status, header and body of one answer, whatever its status. Raises Unreachable or Malformed."""
        self.bounds.begin(deadline)
        # Without a Host of its own urllib3 would make one of the address, with its zone.
        fields = {"Accept-Encoding": "identity", "User-Agent": "guestseal", "Host": self.endpoint.header}
        fields.update(wanted.headers)
        url = f"http://{self.endpoint.header}{wanted.path}"
        request = requests.Request(wanted.method, url, headers=fields, data=wanted.body).prepare()
        try:
            response = self._adapter.send(request, stream=True)
            try:
                return response.status_code, response.headers, self._body(response, limit)
            finally:
                response.close()
        except (HTTPError, requests.RequestException, ValueError):
            # Broken chunks, contradicting lengths: the libraries' words may quote what the server sent.
            if self.bounds.ended:
                raise Unreachable(self.bounds.address, "the connection ended before the answer did") from None
            raise Malformed(self.bounds.address, "not a valid HTTP answer") from None

    def connect(self) -> BoundedSocket:
        """A connected socket. Raises Unreachable."""
        failure = Unreachable(self.bounds.address, "the name has no address")
        for address in self._addresses():
            try:
                return self._connect(address)
            except Unreachable as error:
                failure = error
        raise failure

    def _addresses(self) -> tuple[str, ...]:
        try:
            socket.getaddrinfo(self.endpoint.host, None, flags=socket.AI_NUMERICHOST)
        except socket.gaierror:
            return self._resolver.addresses(self.endpoint.host, self.bounds.deadline)
        return (self.endpoint.host,)

    def _connect(self, host: str) -> BoundedSocket:
        endpoint, bounds = self.endpoint, self.bounds
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        family, kind, protocol, _, name = socket.getaddrinfo(host, endpoint.port, 0, socket.SOCK_STREAM, 0, flags)[0]
        made = BoundedSocket(family, kind, protocol)
        made.bounds = bounds
        try:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if endpoint.interface is not None:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, os.fsencode(endpoint.interface) + b"\0")
            if endpoint.privileged:
                _bind_privileged(made, endpoint)
            elif endpoint.source_address is not None:
                made.bind((endpoint.source_address, 0))
            made.settimeout(min(CONNECT_TIMEOUT, bounds.seconds()))
            made.connect(name)
        except OSError as error:
            made.close()
            raise bounds.failed(error) from None
        except SourceError:
            made.close()
            raise
        return made

    def _body(self, response: requests.Response, limit: int) -> bytes:
        address, headers = self.bounds.address, response.headers
        if headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Malformed(address, "compressed, which was not asked for")
        self.bounds.allowance = limit + limit // 8 + HEAD_LIMIT
        body = bytearray()
        for block in response.raw.stream(BLOCK, decode_content=False):
            body += block
            if len(body) > limit:
                raise Malformed(address, f"too large: more than {limit} bytes")
        length = headers.get("Content-Length")
        if length is not None and "Transfer-Encoding" not in headers:
            # urllib3 1.26 does not compare them.
            if not (length.isascii() and length.isdigit()):
                raise Malformed(address, "no valid Content-Length")
            if len(body) < int(length):
                raise Unreachable(address, "the connection ended before the answer did")
        return bytes(body)


def _bind_privileged(made: socket.socket, endpoint: Endpoint) -> None:
    """Bind to any free port below 1024. Raises Denied where this process may not, OSError where none is free."""
    # From where bindresvport(3) begins, below which services listen. By chance: a port that was used a moment ago
    # is free here and may not be there.
    ports = random.sample(range(600, 1024), 1024 - 600)
    while True:
        try:
            return made.bind((endpoint.source_address or "", ports.pop()))
        except PermissionError:
            raise Denied(str(endpoint), "only root may ask from a port below 1024") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE or not ports:
                raise


class _Connection(HTTPConnection):
    """urllib3's connection, on a socket of ours."""

    def __init__(self, *, line: Line, **options: Any) -> None:
        super().__init__(**options)
        self._line = line

    def connect(self) -> None:
        self.sock = self._line.connect()

    # Without parameters: urllib3 1.26 tries Python 2's one first and takes the TypeError for an answer.
    def getresponse(self) -> Any:
        address = self._line.bounds.address
        try:
            return super().getresponse()
        except http.client.RemoteDisconnected:
            raise Unreachable(address, "the connection ended without an answer") from None
        except http.client.HTTPException:
            raise Malformed(address, "not an HTTP answer") from None


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    """Sends every request through one pool, and so through no proxy."""

    def __init__(self, pool: _Pool) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._pool = pool

    def get_connection(self, url: Any, proxies: Any = None) -> Any:
        return self._pool

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        return self._pool

    def close(self) -> None:
        self._pool.close()
        super().close()
