"""The virtual router of Apache CloudStack and of ABLESTACK Mold.

A router serves metadata on port 80 and, until it is acknowledged, a password on port
8080; it knows a machine by nothing but its address. It may be the DHCP server, the
default gateway, the host called data-server, or what `routers` names, and a machine
with several networks may have one on each of them. Every candidate is asked from every
address of the machine at the same time. The answer whose instance-id is the machine's
system UUID wins, then the one on the network of the default route.

A password is asked of every candidate, at every boot, because a reset is delivered at the
next one. It is believed when the router says it twice, and acknowledged after it is set, to
those that offered it. What is neither private nor on the same link is not asked unless
`routers` names it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from guestseal.errors import Absent, Malformed, Unreachable
from guestseal.firstboot import validation
from guestseal.firstboot.metadata import Endpoint, Metadata, Secret
from guestseal.firstboot.public_keys import Keys, ssh_keys
from guestseal.firstboot.routers import known_routers
from guestseal.firstboot.source import Source
from guestseal.firstboot.survey import METADATA, Answer, Question, Survey
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http
from guestseal.machine.parallel import Parallel

HEADER = "DomU_Request"  # passwd_server_ip.py: with the underscore
FETCH, ACKNOWLEDGE = "send_my_password", "saved_password"
READINGS, PAUSE = 3, 0.1
"""How often something odd is read: a router writes its files while machines boot (vmdata.py: truncate, then write)."""
PASSWORD_ANSWER_LIMIT = 1024

T = TypeVar("T")


class CloudStack(Source):
    """The virtual router, wherever it is."""

    name = "cloudstack"
    has_passwords = True
    root = "/"
    """Where the leases of the DHCP clients lie."""

    def fetch(self, deadline: Deadline) -> Metadata:
        """See Source.fetch."""
        with Http(self.machine.clock, self.machine.network.resolver) as http:

            def ask(question: Question, until: Deadline) -> Answer:
                server = _Router(http, question.endpoint, until)
                return server.metadata() if question.what == METADATA else server.password()

            survey = Survey(self, known_routers(self.machine, self.settings, self.root), ask, deadline)
            survey.run()
        self.attempts = tuple(survey.attempts)
        return survey.chosen()

    def confirm(self, metadata: Metadata, deadline: Deadline) -> None:
        """See Source.confirm. All servers are told, at the same time, before a failure is raised."""
        with Http(self.machine.clock, self.machine.network.resolver) as http:
            telling: Parallel[Endpoint, None] = Parallel(self.machine.clock)
            for endpoint in metadata.password_from:
                telling.start(endpoint, _Router(http, endpoint, deadline).acknowledge)
            heard = {outcome.key: outcome.error for outcome in telling.until(deadline)}
        for endpoint in metadata.password_from:
            error = heard.get(endpoint, Unreachable(str(endpoint), "timed out"))
            if error is not None:
                raise error


class _Router:
    """One conversation with one of a router's two servers."""

    def __init__(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> None:
        self._http, self._endpoint, self._deadline = http, endpoint, deadline
        self._address = str(endpoint)
        self._remarks: list[str] = []

    def metadata(self) -> Metadata:
        """What the web server says. Raises Absent when it has no instance-id."""
        instance = self._item("instance-id", validation.TEXT_LIMIT, validation.instance_id)
        if instance is None:
            raise Absent(self._address, "a web server without an instance-id for this machine")
        name = self._lenient("local-hostname", validation.TEXT_LIMIT, validation.hostname, validation.Name(None))
        # No file: the platform has no key for this machine. A file of which nothing is usable: it does not say.
        keys = self._lenient("public-keys", validation.KEYS_LIMIT, ssh_keys, Keys(()))
        remarks = (*self._remarks, *(name.remarks if name else ()), *(keys.remarks if keys else ()))
        said = (instance, name and name.name, keys and keys.keys)
        return Metadata(CloudStack.name, self._address, *said, remarks=remarks)

    def password(self) -> Secret | None:
        """What the password server says when it says it twice: nothing else shows that an answer was cut off."""
        before: bytes | None = None
        for _ in range(READINGS):
            body = self._say(FETCH)
            if body == before:
                return validation.password(self._address, body)
            before = body
        raise Malformed(self._address, "gives another password every time")

    def acknowledge(self) -> None:
        """Tell the password server that the password is set. Raises Malformed unless it takes note."""
        if self._say(ACKNOWLEDGE).strip() != ACKNOWLEDGE.encode():
            raise Malformed(self._address, "did not acknowledge that the password is set")

    def _say(self, request: str) -> bytes:
        answer = self._http.get(
            self._endpoint, "/", deadline=self._deadline, limit=PASSWORD_ANSWER_LIMIT, headers={HEADER: request}
        )
        if answer.surplus:
            raise Malformed(self._address, "sends more than it announced")
        return answer.body

    def _lenient(self, name: str, limit: int, check: Callable[[str, bytes], T], nothing: T) -> T | None:
        """An item without which the others are still good; None, and a remark, where it is not."""
        try:
            found = self._item(name, limit, check)
        except Malformed as error:
            self._remarks.append(f"{name}: {error.why}")
            return None
        return nothing if found is None else found

    def _item(self, name: str, limit: int, check: Callable[[str, bytes], T]) -> T | None:
        failure = Malformed(self._address, "empty")
        for reading in range(READINGS):
            if reading:
                self._http.clock.pause(min(PAUSE, self._deadline.remaining))
            path, deadline = f"/latest/meta-data/{name}", self._deadline
            answer = self._http.get_optional(self._endpoint, path, deadline=deadline, limit=limit)
            if answer is None:
                return None
            try:
                if answer.body.strip():
                    return check(self._address, answer.body)
            except Malformed as error:
                failure = error
        raise failure


SOURCE = CloudStack
