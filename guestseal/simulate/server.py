"""The simulator: services on real sockets, with faults on request and a journal of what was asked.

One thread runs an event loop for all listeners, so that hundreds of slow or hanging connections cost no thread each
and closing can end every one of them at once. One request a connection: every answer says `Connection: close`,
as EC2's does.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import TracebackType

from guestseal.simulate.delivery import Delivery, End, deliver
from guestseal.simulate.faults import Fault, FaultScript
from guestseal.simulate.journal import Exchange, Journal
from guestseal.simulate.service import Address, Request, Response, Service, error_page
from guestseal.simulate.wire import BadRequest, read_request

BACKLOG = 1024
REQUEST_TIMEOUT = 10.0
"""Seconds within which a client must have sent its request."""

_LINGER = 2.0  # seconds to wait for the client's FIN: closing with unread input would be a RST
_CLOSE_TIMEOUT = 10.0
_CANCEL_AGAIN = 0.05
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER, zero seconds


class Simulator:
    """Services at addresses, served from `start` (or entering) to `close` (or leaving).

    `services` maps (address, port) to a service; as pairs, one address may appear with port 0 more than once.
    `faults` are in force from the start. `clock` gives the seconds of the journal. Do not fork while it runs:
    a child starts its own.
    """

    def __init__(
        self,
        services: Mapping[Address, Service] | Iterable[tuple[Address, Service]],
        faults: Iterable[Fault] = (),
        clock: Callable[[], float] = time.monotonic,
        *,
        request_timeout: float = REQUEST_TIMEOUT,
    ) -> None:
        self.journal = Journal()
        self._services = tuple(services.items() if isinstance(services, Mapping) else services)
        self._script = FaultScript(faults)
        self._clock = clock
        self._request_timeout = request_timeout
        self._started_at = 0.0
        self._listeners: list[socket.socket] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._serving: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: list[BaseException] = []

    def start(self) -> Simulator:
        """Listen and serve. Raises OSError naming the address that cannot be had; nothing is left open then."""
        if self._loop is not None:
            raise RuntimeError("the simulator is already running")
        try:
            for address, _ in self._services:
                self._listeners.append(_listen(address))
        except OSError:
            self._close_listeners()
            raise
        self._started_at = self._clock()
        self._loop = asyncio.new_event_loop()
        self._serving = self._loop.create_task(self._serve())
        self._thread = threading.Thread(target=self._run, args=(self._loop, self._serving), daemon=True)
        self._thread.start()
        return self

    def close(self) -> None:
        """End every connection, give the addresses back and join the thread. May be called more than once.

        Raises the first error that a service raised, and TimeoutError where a service does not return.
        """
        if self._loop is None or self._thread is None or self._serving is None:
            return
        self._loop.call_soon_threadsafe(self._serving.cancel)
        self._thread.join(_CLOSE_TIMEOUT)
        if self._thread.is_alive():
            raise TimeoutError("a simulated service does not return")
        self._loop.close()
        self._loop = self._thread = self._serving = None
        self._close_listeners()
        failures, self._failures = self._failures, []
        if failures:
            raise failures[0]

    def __enter__(self) -> Simulator:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults in force, in order of precedence."""
        return self._script.snapshot()

    def add_fault(self, fault: Fault) -> None:
        """Put one more fault in force, behind those already there."""
        self._script.add(fault)

    def clear_faults(self) -> None:
        """Behave again, from the next request on."""
        self._script.clear()

    def address_of(self, wanted: Service | Address) -> Address:
        """The real (address, port) of a service, or of a requested address. LookupError where it is not exactly one."""
        found = self.addresses_of(wanted)
        if len(found) != 1:
            raise LookupError(f"{wanted!r} is served at {len(found)} addresses")
        return found[0]

    def addresses_of(self, wanted: Service | Address) -> tuple[Address, ...]:
        """All real addresses of a service, or of a requested address; none before `start`."""
        pairs = zip(self._services, self._listeners)
        return tuple(_name(item) for (asked, service), item in pairs if service is wanted or asked == wanted)

    def url_of(self, wanted: Service | Address) -> str:
        """The base URL, without a trailing slash. LookupError as `address_of`."""
        host, port = self.address_of(wanted)
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def _close_listeners(self) -> None:
        while self._listeners:
            self._listeners.pop().close()

    def _run(self, loop: asyncio.AbstractEventLoop, serving: asyncio.Task[None]) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(serving)

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            for listener, (_, service) in zip(self._listeners, self._services):
                loop.add_reader(listener, self._accept, loop, listener, service)
            await loop.create_future()  # until close cancels it
        finally:
            for listener in self._listeners:
                loop.remove_reader(listener)
            # More than once, because asyncio.wait_for may lose a cancellation before Python 3.12.
            while self._tasks:
                for task in self._tasks:
                    task.cancel()
                await asyncio.wait(self._tasks, timeout=_CANCEL_AGAIN)

    def _accept(self, loop: asyncio.AbstractEventLoop, listener: socket.socket, service: Service) -> None:
        # A callback and not loop.sock_accept: a cancellation cannot come between a connection and its owner.
        try:
            connection, peer = listener.accept()
        except OSError:
            return  # accept(2): gone already, or no descriptor left; the listener stays readable, so it is tried again
        connection.setblocking(False)
        source = (peer[0].partition("%")[0], peer[1])
        task = loop.create_task(self._converse(connection, source, _name(listener), service))
        self._tasks.add(task)
        task.add_done_callback(partial(self._finished, connection))

    def _finished(self, connection: socket.socket, task: asyncio.Task[None]) -> None:
        # Here and not in the task, which a cancellation may keep from ever beginning.
        connection.close()
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._failures.append(error)

    async def _converse(self, connection: socket.socket, peer: Address, listener: Address, service: Service) -> None:
        request, delivery = await self._prepare(connection, peer, listener, service)
        if request is None or delivery is None:
            return
        exchange = Exchange(**vars(request), when=self._clock() - self._started_at)
        number = self.journal.append(exchange)
        # A client that leaves early has not failed the simulator.
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._send(connection, delivery, number)
            await _finish(connection, delivery.end)

    async def _prepare(
        self, connection: socket.socket, peer: Address, listener: Address, service: Service
    ) -> tuple[Request | None, Delivery | None]:
        try:
            reading = read_request(connection, peer, listener)
            request = await asyncio.wait_for(reading, self._request_timeout)
        except (BadRequest, asyncio.TimeoutError) as error:
            status = error.status if isinstance(error, BadRequest) else 408
            refusal = Response(status, error_page(status), headers=(("Content-Type", "text/html"),))
            return Request(*peer, listener, "", ""), deliver(refusal, None, with_body=True)
        except OSError:
            return None, None
        if request is None:
            return None, None
        fault = self._script.take(request)
        response = service.answer(request) if fault is None or fault.asks_service else None
        return request, deliver(response, fault, with_body=request.method != "HEAD")

    async def _send(self, connection: socket.socket, delivery: Delivery, number: int) -> None:
        loop, sent = asyncio.get_running_loop(), 0
        await asyncio.sleep(delivery.delay)
        for block in delivery.blocks:
            size = 1 if delivery.byte_delay else len(block)
            for start in range(0, len(block), size or 1):
                piece = block[start : start + size]
                sent += len(piece)
                # Noted first, so that whoever has read the answer finds it in the journal.
                self.journal.progress(number, status=delivery.status, sent=sent)
                # The pause also lets other connections have their turn where the client reads as fast as we write.
                await asyncio.sleep(delivery.byte_delay)
                await loop.sock_sendall(connection, piece)


async def _finish(connection: socket.socket, end: End) -> None:
    if end is End.RESET:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        return
    if end is End.HANG:
        await _until_client_leaves(connection)
        return
    connection.shutdown(socket.SHUT_WR)
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(_until_client_leaves(connection), _LINGER)


async def _until_client_leaves(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while await loop.sock_recv(connection, 4096):
        continue


def _listen(address: Address) -> socket.socket:
    """A non-blocking listener; OSError names the address."""
    host, port = address
    item: socket.socket | None = None
    try:
        flags = socket.AI_NUMERICHOST | socket.AI_PASSIVE
        family, kind, protocol, _, name = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)[0]
        item = socket.socket(family, kind, protocol)
        item.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # An IPv4 client must not appear as ::ffff:a.b.c.d: services know clones by their address.
            item.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        item.bind(name)
        item.listen(BACKLOG)
        item.setblocking(False)
    except OSError as error:
        if item is not None:
            item.close()
        raise OSError(error.errno, f"cannot listen on {host} port {port}: {error.strerror}") from error
    return item


def _name(item: socket.socket) -> Address:
    name = item.getsockname()
    return (name[0], name[1])
