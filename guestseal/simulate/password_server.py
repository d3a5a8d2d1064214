"""The password server of a CloudStack virtual router (Apache CloudStack passwd_server_ip.py, on Python 3).

Its status says nothing: the 200 and the headers are out before it looks at the request.
"""

from __future__ import annotations

import threading

from guestseal.simulate.clones import Clones
from guestseal.simulate.instance import ANYONE, source_key
from guestseal.simulate.service import Request, Response, error_page, http_date

REQUEST_HEADER = "DomU_Request"
FETCH = "send_my_password"
ACKNOWLEDGE = "saved_password"

_NOTHING = b"saved_password"
_BAD_REQUEST = b"bad_request"


class PasswordServer:
    """Passwords by source address. Each clone's starts pending and is deleted when the clone acknowledges it."""

    def __init__(self, clones: Clones) -> None:
        self._clones = clones
        self._lock = threading.Lock()
        # By address and instance: a new VM at an old address has its own password. None: acknowledged.
        self._passwords: dict[tuple[str, str], str | None] = {}

    def answer(self, request: Request) -> Response:
        """The answer to `request`; any path will do."""
        if request.method == "POST":
            # Only the router itself may save a password, and its 403 stays in a buffer (http.server never flushes it).
            return _ok(b"")
        if request.method != "GET":
            return _unsupported(request.method)
        wanted = request.header(REQUEST_HEADER)
        if wanted == FETCH:
            password = self._password(request.source)
            return _ok(password.encode() if password else _NOTHING)
        if wanted == ACKNOWLEDGE:
            self._store(request.source, None)
            return _ok(_NOTHING)
        return _ok(_BAD_REQUEST)

    def set_password(self, address: str, value: str) -> None:
        """Make `value` pending for one address. ValueError for "*" or anything else that is no address."""
        if address == ANYONE:
            raise ValueError("a password belongs to one address, not to *")
        self._store(address, value)

    def pending(self, address: str) -> bool:
        """True where a password waits for `address`."""
        return bool(self._password(address))

    def _store(self, address: str, value: str | None) -> None:
        instance = self._clones.find(address)
        with self._lock:
            self._passwords[source_key(address), instance.instance_id if instance else ""] = value

    def _password(self, address: str) -> str | None:
        instance = self._clones.find(address)
        with self._lock:
            given = instance.password if instance else None
            return self._passwords.get((source_key(address), instance.instance_id if instance else ""), given)


def _ok(body: bytes) -> Response:
    # Two Server headers: http.server's own, and the one the script adds.
    headers = (
        ("Server", "CloudStack Password Server 4.x"),
        ("Date", http_date()),
        ("content-type", "text/plain"),
        ("Server", "CloudStack Password Server"),
    )
    return Response(200, body, headers=headers, version="HTTP/1.0", framed=False)


def _unsupported(method: str) -> Response:
    headers = (
        ("Server", "CloudStack Password Server 4.x"),
        ("Date", http_date()),
        ("Content-Type", "text/html;charset=utf-8"),
    )
    reason = f"Unsupported method ({method!r})"
    return Response(501, error_page(501, reason), headers=headers, version="HTTP/1.0", reason=reason)
