"""Asking every candidate by every way at the same time, and which of the answers to believe."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Union

from guestseal.errors import Absent, Denied, Malformed, SourceError, Unreachable
from guestseal.firstboot.metadata import Endpoint, Metadata, Secret
from guestseal.firstboot.routers import MOST_WAYS, Router, ways_to
from guestseal.firstboot.source import Attempt, Source
from guestseal.firstboot.validation import FOREIGN
from guestseal.machine.clock import Deadline
from guestseal.machine.firmware import same_machine
from guestseal.machine.parallel import Outcome, Parallel

PROBE_SECONDS = 8.0
"""One conversation with one server, at most."""
LOOKUP_SECONDS = 3.0
"""One wait for a name; what comes later is there for the next round."""
GRACE = 1.0
"""Seconds for the other ways, once one of them has told all it knows."""

METADATA, PASSWORD = "metadata", "password"

Way = tuple[str, Union[str, None]]
"""A server and the address it is asked from: all that a router knows a machine by."""
Answer = Union[Metadata, Secret, None]


@dataclass(frozen=True)
class Question:
    """What is asked of one server; ``order`` is the place of its way among all."""

    what: str
    endpoint: Endpoint
    order: int

    @property
    def way(self) -> Way:
        """By which way it is asked."""
        return (self.endpoint.host, self.endpoint.source_address)

    def __str__(self) -> str:
        return f"{self.endpoint} ({self.what})"


class Survey:
    """One round of questions until ``deadline``, put by ``ask``, and what came back."""

    def __init__(
        self,
        source: Source,
        routers: Sequence[Router],
        ask: Callable[[Question, Deadline], Answer],
        deadline: Deadline,
    ) -> None:
        machine = source.machine
        self.attempts: list[Attempt] = []
        self._source, self._machine, self._settings = source.name, machine, source.settings
        self._routers, self._ask, self._deadline = routers, ask, deadline
        self._interfaces = machine.network.interfaces()
        self._default = next((gateway.interface for gateway in machine.network.gateways()), None)
        self._running: Parallel[Question | Router, object] = Parallel(machine.clock)
        self._orders: dict[Endpoint, int] = {}
        self._open: list[Question] = []
        self._said: list[tuple[Question, Metadata]] = []
        self._passwords: list[tuple[Question, Secret]] = []
        self._none_waiting: set[Way] = set()
        self._failures: list[tuple[Question, SourceError]] = []

    def run(self) -> None:
        """Ask by every way there is, until all have answered, or until ``GRACE`` after one of them has."""
        start = self._machine.clock.monotonic()
        for router in self._routers:
            self._approach(router)
        end = self._deadline
        while self._open or not self._answered:
            outcome = self._running.next(end)
            if outcome is None:
                break
            if isinstance(outcome.key, Router):
                self._looked_up(outcome.key, outcome)
            else:
                self._heard(outcome.key, outcome)
            if self._answered and end is self._deadline:
                end = self._deadline.within(GRACE)
        for question in self._open:
            self._failed(question, Unreachable(str(question), "timed out"), self._machine.clock.monotonic() - start)

    def chosen(self) -> Metadata:
        """The one answer to believe, with the passwords that go with it.

        This machine's own instance-id wins, then the network of the default route, then the
        order of the candidates. Raises a SourceError when there is nothing to believe:
        Unreachable while somebody may yet answer, else what was answered.
        """
        uuid = self._machine.firmware.uuid

        def rank(item: tuple[Question, Metadata | Secret]) -> tuple[bool, bool, int]:
            question, value = item
            own = isinstance(value, Metadata) and same_machine(value.instance_id, uuid)
            return (not own, question.endpoint.interface != self._default, question.order)

        said, passwords = sorted(self._said, key=rank), sorted(self._passwords, key=rank)
        if self._settings.require_identity_match:
            own_ways = {question.way for question, value in said if same_machine(value.instance_id, uuid)}
            said = [item for item in said if item[0].way in own_ways]
            passwords = [item for item in passwords if item[0].way in own_ways]
        if not said and not passwords:
            raise self._failure()
        best = said[0][1] if said else Metadata(self._source, str(passwords[0][0].endpoint))
        foreign = {question.way: value.address for question, value in said if value.instance_id != best.instance_id}
        remarks = [f"{address}: another machine's instance-id; not believed" for address in foreign.values()]
        missing = self._silent_passwords({question.way for question, value in said if value is best})
        if not said:
            remarks += self._no_metadata({question.way for question, _ in passwords}, Absent, Denied, Malformed)
            missing += self._no_metadata({question.way for question, _ in passwords}, Unreachable)
        best = replace(best, remarks=(*best.remarks, *remarks), missing=tuple(missing))
        return _with_password(best, passwords, foreign)

    @property
    def _answered(self) -> bool:
        """Whether one way has told something and is not being asked anything more."""
        told = {question.way for question, _ in (*self._said, *self._passwords)}
        return bool(told.difference(question.way for question in self._open))

    def _approach(self, router: Router) -> None:
        if router.named:
            bounded = self._deadline.within(LOOKUP_SECONDS)
            self._running.start(router, partial(self._machine.network.resolver.addresses, router.host, bounded))
            return
        ports = ((METADATA, self._settings.metadata_ports), (PASSWORD, self._settings.password_ports))
        bounded = self._deadline.within(PROBE_SECONDS)
        for way in ways_to(router, self._interfaces, self._default):
            if way in self._orders or len(self._orders) >= MOST_WAYS:
                continue
            order = self._orders.setdefault(way, len(self._orders))
            for question in [Question(what, way.at(port), order) for what, numbers in ports for port in numbers]:
                self._open.append(question)
                self._running.start(question, partial(self._ask, question, bounded))

    def _looked_up(self, router: Router, outcome: Outcome[Question | Router, object]) -> None:
        try:
            addresses = outcome.result()
        except SourceError as error:
            self._attempt(router.host, error.why, outcome.seconds)
            return
        for address in addresses if isinstance(addresses, tuple) else ():
            self._approach(router.at(address))

    def _heard(self, question: Question, outcome: Outcome[Question | Router, object]) -> None:
        self._open.remove(question)
        try:
            value = outcome.result()
        except SourceError as error:
            self._failed(question, error, outcome.seconds)
            return
        if isinstance(value, Metadata):
            self._said.append((question, value))
        elif isinstance(value, Secret):
            self._passwords.append((question, value))
        else:
            self._none_waiting.add(question.way)
        answer = "answered" if value is not None else "no password is waiting"
        self._attempt(str(question), answer, outcome.seconds)

    def _failed(self, question: Question, error: SourceError, seconds: float) -> None:
        self._failures.append((question, error))
        self._attempt(str(question), error.why, seconds)

    def _attempt(self, address: str, answer: str, seconds: float) -> None:
        self.attempts.append(Attempt(self._source, address, answer, seconds))

    def _silent_passwords(self, ways: set[Way]) -> list[str]:
        """What to say where a router is there and its password server makes no sense: one may be waiting."""
        told = {question.way for question, _ in self._passwords} | self._none_waiting
        return [
            f"{question.endpoint}: no answer about a password: {error.why}"
            for question, error in self._failures
            if question.what == PASSWORD and question.way in ways - told and isinstance(error, (Unreachable, Malformed))
        ]

    def _no_metadata(self, ways: set[Way], *kinds: type[SourceError]) -> list[str]:
        """What to say where there is a password and nothing else, for these ``kinds`` of reasons."""
        return [
            f"{question.endpoint}: no metadata: {error.why}"
            for question, error in self._failures
            if question.what == METADATA and question.way in ways and isinstance(error, kinds)
        ]

    def _failure(self) -> SourceError:
        if self._said or self._passwords:
            return Malformed(self._source, FOREIGN)
        errors = [error for question, error in self._failures if question.what == METADATA]
        for kind in (Unreachable, Denied, Malformed, Absent):
            for error in errors:
                if isinstance(error, kind):
                    return error
        return Unreachable(self._source, "no router is known: no DHCP lease, no default gateway, none configured")


def _with_password(
    metadata: Metadata, passwords: Sequence[tuple[Question, Secret]], foreign: Collection[Way]
) -> Metadata:
    """``metadata`` with the first of the passwords that do not come from another machine's router.

    The others are refused for good: once the first is acknowledged, one of them would be the first.
    A router that has none says as much to an address that it does not know (passwd_server_ip.py), so
    "none is waiting" on the network of the default route refuses nobody.
    """
    believed = [(question.endpoint, secret) for question, secret in passwords if question.way not in foreign]
    remarks = [
        f"{question.endpoint}: offers a password with another machine's instance-id; not set"
        for question, _ in passwords
        if question.way in foreign
    ]
    chosen = believed[0][1] if believed else None
    others = [(server, secret) for server, secret in believed if secret != chosen]
    remarks += [f"{server}: offers another password; not set" for server, _ in others]
    return replace(
        metadata,
        password=chosen,
        password_from=tuple(server for server, secret in believed if secret == chosen),
        passwords_refused=tuple(dict.fromkeys(secret for _, secret in others)),
        remarks=(*metadata.remarks, *remarks),
    )
