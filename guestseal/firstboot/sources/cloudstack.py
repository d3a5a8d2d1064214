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

from guestseal.errors import Absent, Denied, Malformed
from guestseal.firstboot import validation
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.password_server import PasswordServer, acknowledge
from guestseal.firstboot.public_keys import Keys, ssh_keys
from guestseal.firstboot.reading import USER_DATA_LIMIT, Reading
from guestseal.firstboot.routers import known_routers
from guestseal.firstboot.source import Source
from guestseal.firstboot.survey import METADATA, Answer, Question, Survey
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http

READINGS, PAUSE = 3, 0.1
"""How often something odd is read: a router writes its files while machines boot (vmdata.py: truncate, then write)."""

T = TypeVar("T")


class CloudStack(Source):
    """The virtual router, wherever it is."""

    name = "cloudstack"
    has_passwords = True

    def fetch(self, deadline: Deadline) -> Metadata:
        """See Source.fetch."""
        wanted = self.settings.wants_user_data
        with Http(self.machine.clock, self.machine.network.resolver) as http:

            def ask(question: Question, until: Deadline) -> Answer:
                if question.what == METADATA:
                    return _Router(http, question.endpoint, until).metadata(with_user_data=wanted)
                return PasswordServer(http, question.endpoint, until).password()

            survey = Survey(self, known_routers(self.machine, self.settings), ask, deadline)
            survey.run()
        self.attempts = tuple(survey.attempts)
        return survey.chosen()

    def confirm(self, metadata: Metadata, deadline: Deadline) -> None:
        """See Source.confirm. All servers are told, at the same time, before a failure is raised."""
        acknowledge(self.machine, metadata.password_from, deadline)


class _Router:
    """One conversation with a router's web server."""

    def __init__(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> None:
        self._http, self._endpoint, self._deadline = http, endpoint, deadline
        self._address = str(endpoint)
        self._reading = Reading(self._address)

    def metadata(self, *, with_user_data: bool) -> Metadata:
        """What the web server says. Raises Absent when it has no instance-id."""
        instance = self._item("instance-id", validation.TEXT_LIMIT, validation.instance_id)
        if instance is None:
            raise Absent(self._address, "a web server without an instance-id for this machine")
        name = self._lenient("local-hostname", validation.TEXT_LIMIT, validation.hostname, validation.Name(None))
        # No file: the platform has no key for this machine. A file of which nothing is usable: it does not say.
        keys = self._lenient("public-keys", validation.KEYS_LIMIT, ssh_keys, Keys(()))
        self._reading.remarks += (*(name.remarks if name else ()), *(keys.remarks if keys else ()))
        return Metadata(
            CloudStack.name,
            self._address,
            instance_id=instance,
            hostname=name and name.name,
            ssh_keys=keys and keys.keys,
            user_data=self._user_data() if with_user_data else None,
            remarks=tuple(self._reading.remarks),
        )

    def _user_data(self) -> bytes | None:
        """The user data when the router says it twice, a pause apart: half a script must not be run."""
        before: bytes | None = None
        try:
            for reading in range(READINGS):
                if reading:
                    self._pause()
                body = self._get("user-data", USER_DATA_LIMIT)
                if body is None or (body and body == before):
                    return self._reading.user_data(body)
                before = body
        except (Denied, Malformed) as error:
            self._reading.remarks.append(f"user data: {error.why}")
            return None
        self._reading.remarks.append("user data: nothing, or something else every time")
        return None

    def _lenient(self, name: str, limit: int, check: Callable[[str, bytes], T], nothing: T) -> T | None:
        """An item without which the others are still good; None, and a remark, where it is not."""
        try:
            found = self._item(name, limit, check)
        except Malformed as error:
            self._reading.remarks.append(f"{name}: {error.why}")
            return None
        return nothing if found is None else found

    def _item(self, name: str, limit: int, check: Callable[[str, bytes], T]) -> T | None:
        failure = Malformed(self._address, "empty")
        for reading in range(READINGS):
            if reading:
                self._pause()
            body = self._get(f"meta-data/{name}", limit)
            if body is None:
                return None
            try:
                if body.strip():
                    return check(self._address, body)
            except Malformed as error:
                failure = error
        raise failure

    def _get(self, item: str, limit: int) -> bytes | None:
        answer = self._http.get_optional(self._endpoint, f"/latest/{item}", deadline=self._deadline, limit=limit)
        return None if answer is None else answer.body

    def _pause(self) -> None:
        self._http.clock.pause(min(PAUSE, self._deadline.remaining))


SOURCE = CloudStack
