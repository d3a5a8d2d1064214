"""The password server of Apache CloudStack's virtual router, which Exoscale has as well.

It offers a password until it is told that the password is set. Its status is always 200
(passwd_server_ip.py), and only a second reading shows that the first was not cut off.
"""

from __future__ import annotations

from collections.abc import Sequence

from guestseal.errors import Malformed, Unreachable
from guestseal.firstboot import validation
from guestseal.firstboot.metadata import Endpoint, Secret
from guestseal.machine.clock import Deadline
from guestseal.machine.host import Machine
from guestseal.machine.http import Http
from guestseal.machine.parallel import Parallel

HEADER = "DomU_Request"  # passwd_server_ip.py: with the underscore
FETCH, ACKNOWLEDGE = "send_my_password", "saved_password"
READINGS = 3
"""How often a password is read for the sake of two readings that agree."""
ANSWER_LIMIT = 1024


class PasswordServer:
    """One conversation with the server at ``endpoint``, about ``path``, until ``deadline``."""

    def __init__(self, http: Http, endpoint: Endpoint, deadline: Deadline, path: str = "/") -> None:
        self._http, self._endpoint, self._deadline, self._path = http, endpoint, deadline, path
        self._address = str(endpoint)

    def password(self) -> Secret | None:
        """The password that is waiting, when the server says it twice; None: none is. Raises a SourceError."""
        before: bytes | None = None
        for _ in range(READINGS):
            body = self._say(FETCH)
            if body == before:
                return validation.password(self._address, body)
            before = body
        raise Malformed(self._address, "gives another password every time")

    def acknowledge(self) -> None:
        """Tell the server that the password is set. Raises Malformed unless it takes note."""
        if self._say(ACKNOWLEDGE).strip() != ACKNOWLEDGE.encode():
            raise Malformed(self._address, "did not acknowledge that the password is set")

    def _say(self, request: str) -> bytes:
        answer = self._http.get(
            self._endpoint, self._path, deadline=self._deadline, limit=ANSWER_LIMIT, headers={HEADER: request}
        )
        if answer.surplus:
            raise Malformed(self._address, "sends more than it announced")
        return answer.body


def acknowledge(machine: Machine, servers: Sequence[Endpoint], deadline: Deadline, path: str = "/") -> None:
    """Tell all servers, at the same time, that the password is set. Raises the SourceError of one that took no note."""
    with Http(machine.clock, machine.network.resolver) as http:
        telling: Parallel[Endpoint, None] = Parallel(machine.clock)
        for endpoint in servers:
            telling.start(endpoint, PasswordServer(http, endpoint, deadline, path).acknowledge)
        heard = {outcome.key: outcome.error for outcome in telling.until(deadline)}
    for endpoint in servers:
        error = heard.get(endpoint, Unreachable(str(endpoint), "timed out"))
        if error is not None:
            raise error
