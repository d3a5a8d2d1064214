"""An address that never answers a SYN, as behind a firewall that drops: for connect timeouts without a firewall."""

from __future__ import annotations

import errno
import select
import socket
from types import TracebackType

from guestseal.simulate.service import Address

_TRIES = 16
_SETTLE = 0.1  # seconds within which loopback completes a handshake that it is going to complete


class BlackHole:
    """A listener whose backlog is full: Linux then drops SYNs, so that connecting takes until the client gives up.

    For loopback addresses only: it has to connect to itself.
    """

    def __init__(self, address: str = "127.0.0.1", port: int = 0) -> None:
        self._requested = (address, port)
        self._sockets: list[socket.socket] = []
        self.address: Address = self._requested

    def __enter__(self) -> BlackHole:
        """Raises OSError where the address cannot be bound or its backlog does not fill."""
        try:
            self._fill()
        except OSError:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the address back. May be called more than once."""
        while self._sockets:
            self._sockets.pop().close()

    def _fill(self) -> None:
        family = socket.AF_INET6 if ":" in self._requested[0] else socket.AF_INET
        listener = self._keep(socket.socket(family, socket.SOCK_STREAM))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(self._requested)
        listener.listen(0)
        name = listener.getsockname()
        self.address = (name[0], name[1])
        for _ in range(_TRIES):
            filler = self._keep(socket.socket(family, socket.SOCK_STREAM))
            filler.setblocking(False)
            if filler.connect_ex(self.address) not in (0, errno.EINPROGRESS):
                continue
            if not select.select([], [filler], [], _SETTLE)[1]:
                return
        raise OSError(errno.EAGAIN, f"the backlog of {self.address[0]}:{self.address[1]} does not fill")

    def _keep(self, item: socket.socket) -> socket.socket:
        self._sockets.append(item)
        return item
