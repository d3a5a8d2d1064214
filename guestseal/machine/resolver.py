"""Names to addresses, without ever waiting for a name server longer than the caller wants to.

getaddrinfo(3) has no timeout of its own: resolv.conf(5)'s defaults are 5 s, twice, for
every name server. A lookup that hangs goes on in its thread, and whoever asks for the
same name again waits for that one instead of starting another.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence

from guestseal.errors import Absent, Unreachable
from guestseal.machine.clock import Deadline
from guestseal.machine.parallel import Task

Lookup = Callable[[str], Sequence[str]]


def system_lookup(name: str) -> list[str]:
    """The addresses of ``name`` as the system's resolver gives them. Raises Absent or Unreachable."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in (socket.EAI_NONAME, socket.EAI_NODATA):
            raise Absent(name, "no such name") from error
        raise Unreachable(name, f"name not resolved: {error.strerror}") from error
    except UnicodeError as error:  # the idna codec's, for labels that are empty or too long
        raise Absent(name, "not a name") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Resolver:
    """Looks names up with ``lookup``, each in a thread of its own."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._lookup = lookup
        self._lock = threading.Lock()
        self._pending: dict[str, Task[str, Sequence[str]]] = {}

    def addresses(self, name: str, deadline: Deadline) -> tuple[str, ...]:
        """The addresses of ``name``, in order of preference.

        Raises Absent when there is no such name, Unreachable when no name server answered in time.
        """
        with self._lock:
            task = self._pending.get(name)
            if task is None:
                task = self._pending[name] = Task(deadline.clock, name, lambda: self._lookup(name))
        outcome = task.wait(deadline)
        if outcome is None:
            raise Unreachable(name, "name not resolved in time")
        with self._lock:
            if self._pending.get(name) is task:
                del self._pending[name]
        return tuple(outcome.result())
