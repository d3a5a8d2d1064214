"""Asking all sources until one answers, and no longer than there is hope."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from guestseal.errors import SourceError, Unreachable
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.source import Attempt, Likelihood, Source
from guestseal.firstboot.validation import FOREIGN
from guestseal.machine.clock import Deadline
from guestseal.machine.firmware import same_machine
from guestseal.machine.network import Network
from guestseal.machine.parallel import Outcome, Parallel

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 5.0
LAST_CHANCE = 1.0
"""Seconds that are left for the last time a source is asked; up to half of them are chance as well."""
TOO_SHORT = 0.05
"""Seconds for which nobody is asked once more: the last answer is no older."""
GRACE = 1.0
"""Seconds that a better source gets once another one has answered."""
LATER = 3.0
"""Seconds after which the less likely sources are asked as well, unless an answer has come."""
PATIENCE = 5.0
"""Seconds that a source which may have a password gets, once a disk has answered: the network comes up later."""
NO_CARRIER = 5.0
"""Seconds without any interface that has a carrier after which nothing is waited for."""
NO_ADDRESS = 15.0
"""The same for interfaces with a carrier and no address: a bridge with spanning tree forwards after up to 30 s,
but a boot should not take that long; asking goes on in the background."""
LOOK = 0.5
"""Seconds between two looks at the interfaces."""
MARGIN = 0.25
"""Seconds by which the sources end before the deadline, to say what they have tried."""

ANOTHER = "it is not about the instance that this machine was at its first boot; ignored"
NAMELESS = "it does not say whose it is, and did not speak for the platform at the first boot; ignored"
STRANGER = "it does not say whose it is, and this is another platform; ignored"
_FILLABLE = ("instance_id", "hostname", "fallback_hostname", "ssh_keys", "password_hash", "user_data", "network")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """What came of it: metadata and whom to tell that its password is set, and what was tried, for people."""

    metadata: Metadata | None
    source: Source | None
    """The source to confirm to: the one that offered the password."""
    attempts: tuple[Attempt, ...]
    answered: bool = False
    """Somebody who speaks for the platform answered."""
    speaker: Source | None = None
    """Who that is: the source to report to. The password may be another one's."""

    @property
    def complete(self) -> bool:
        """Whether the platform has named the instance, and nothing of what it says is still to come."""
        metadata = self.metadata
        return self.answered and metadata is not None and metadata.instance_id is not None and not metadata.missing


@dataclass(frozen=True)
class First:
    """Who this machine was when everything was in place for the first time."""

    instance: str | None = None
    speaker: str | None = None
    """The name of the source that spoke for the platform."""


NOBODY = First()


@dataclass(frozen=True)
class Answer:
    """What one source said, and how much it counts."""

    source: Source
    metadata: Metadata
    rank: tuple[bool, bool, Likelihood, bool, int]


def discover(
    sources: Sequence[Source],
    deadline: Deadline,
    *,
    later: Callable[[], Sequence[Source]] = tuple,
    first: First = NOBODY,
    jitter: Callable[[], float] = random.random,
) -> Found:
    """The best answer of ``sources``, all asked at the same time, by ``deadline`` at the latest.

    Those of ``later`` are asked when these have no answer after ``LATER`` seconds, or sooner
    when they have come to an end. A source that nobody answers is asked again after a growing
    pause; one that is answered with a refusal, or with something not to be believed, is not.
    The instance-id that is this machine's system UUID counts most, then the firmware's hint,
    then the order of ``sources``; other answers about the same instance fill what the best
    one leaves open. What a disk says counts only for the instance of the ``first`` boot, when
    there is one, and if it names none, only from the source that spoke then. Without any
    interface that has a carrier and an address it ends early. ``jitter`` gives numbers from 0
    to 1. Trouble with the network is in the attempts and never raised, and
    nothing is written or acknowledged.
    """
    if not sources:
        sources, later = later(), tuple
    return _Search(sources, deadline, later, first, jitter).run() if sources else Found(None, None, ())


class _Pursuit:
    """One source, asked again and again."""

    def __init__(self, source: Source, deadline: Deadline, stop: threading.Event, jitter: Callable[[], float]) -> None:
        self.source = source
        self.attempts: tuple[Attempt, ...] = ()
        self.part: Metadata | None = None
        """A password and, until it has asked again, nothing else."""
        self._deadline, self._stop, self._jitter = deadline, stop, jitter
        # Clones that started in the same second have the same deadline: without chance they would all ask just then.
        self._last_chance = LAST_CHANCE * (1 + jitter()) / 2

    def fetch(self) -> Metadata:
        """The source's metadata, or the part of it that was told when the time is over. Raises its last error."""
        pause = FIRST_PAUSE
        while True:
            try:
                found = self._once()
            except SourceError as error:
                over = not isinstance(error, Unreachable) or not self._wait(pause)
                if over and self.part is None:
                    raise
            else:
                self.part = found
                # Who has a password has the rest as well.
                over = found.instance_id is not None or not found.missing or not self._wait(pause)
            if over and self.part is not None:
                return self.part
            pause = min(2 * pause, LONGEST_PAUSE)

    def _wait(self, pause: float) -> bool:
        """Let a pause go by; whether there is time to ask again."""
        # Half of the pause is chance: hundreds of clones may start in the same second.
        delay = pause * (1 + self._jitter()) / 2
        room = self._deadline.remaining - self._last_chance
        return room > TOO_SHORT and not self._deadline.clock.wait(self._stop, min(delay, room))

    def _once(self) -> Metadata:
        clock = self._deadline.clock
        start = clock.monotonic()
        own: tuple[Attempt, ...] = ()
        try:
            return self.source.fetch(self._deadline)
        except SourceError as error:
            own = (Attempt(self.source.name, error.address, error.why, clock.monotonic() - start),)
            raise
        finally:
            latest = {attempt.address: attempt for attempt in (*self.attempts, *(self.source.attempts or own))}
            self.attempts = tuple(latest.values())


class _Search:
    """All pursuits, and when to end them."""

    def __init__(
        self,
        sources: Sequence[Source],
        deadline: Deadline,
        later: Callable[[], Sequence[Source]],
        first: First,
        jitter: Callable[[], float],
    ) -> None:
        self._end = self._deadline = deadline
        self._start = deadline.clock.monotonic()
        self._machine = sources[0].machine
        self._network: Network | None = self._machine.network
        self._later: Callable[[], Sequence[Source]] | None = later
        self._first, self._jitter = first, jitter
        self._stop = threading.Event()
        self._pursuits: list[_Pursuit] = []
        self._open: set[int] = set()
        self._running: Parallel[int, Metadata] = Parallel(deadline.clock)
        self._notes: list[Attempt] = []
        self._answers: list[Answer] = []
        self._pursue(sources)

    def run(self) -> Found:
        try:
            while self._wanted() and not self._end.passed and not self._hopeless_now():
                outcome = self._running.next(self._end.within(LOOK))
                if outcome is not None:
                    self._take(outcome)
        finally:
            self._stop.set()
        for index in sorted(self._open):
            pursuit = self._pursuits[index]
            if pursuit.part is not None:
                # Its server waits to be told that this password is set, and offers it to nobody else.
                self._believe(index, pursuit.part)
            elif not self._answers and not pursuit.attempts:
                self._note(pursuit.source.name, "did not end in time")
        attempts = [attempt for pursuit in self._pursuits for attempt in pursuit.attempts]
        return combined(self._answers, (*attempts, *self._notes))

    def _pursue(self, sources: Sequence[Source]) -> None:
        inner = Deadline(self._deadline.clock, self._deadline.end - MARGIN)
        for source in sources:
            index = len(self._pursuits)
            self._pursuits.append(_Pursuit(source, inner, self._stop, self._jitter))
            self._open.add(index)
            self._running.start(index, self._pursuits[index].fetch)

    def _wanted(self) -> bool:
        """Whether somebody is left to hear from; asks the later sources when it is their time."""
        speaking = [index for index in self._open if self._pursuits[index].source.speaks_for_the_platform]
        late = self._elapsed >= LATER or not speaking
        if self._later is not None and late and not any(each.rank[0] for each in self._answers):
            more, self._later = self._later(), None
            self._pursue(more)
            return bool(more or self._open)
        return bool(self._open)

    @property
    def _elapsed(self) -> float:
        return self._deadline.clock.monotonic() - self._start

    def _take(self, outcome: Outcome[int, Metadata]) -> None:
        index, source = outcome.key, self._pursuits[outcome.key].source
        self._open.discard(index)
        if isinstance(outcome.error, SourceError):
            return
        if outcome.error is not None:
            # A bug of one source must not cost what another one knows.
            log.error("source %s failed", source.name, exc_info=outcome.error)
            self._note(source.name, f"failed: {type(outcome.error).__name__}")
            return
        self._believe(index, outcome.result())

    def _believe(self, index: int, metadata: Metadata) -> None:
        """Take an answer, unless it is a stranger's."""
        source = self._pursuits[index].source
        own = metadata.names_the_instance and same_machine(metadata.instance_id, self._machine.firmware.uuid)
        speaks = source.speaks_for_the_platform
        if speaks and source.settings.require_identity_match and not own:
            self._note(source.name, FOREIGN, metadata.address)
            return
        foreign = self._foreign(source, metadata)
        if foreign is not None:
            self._note(source.name, foreign, metadata.address)
            return
        rank = (speaks, own, source.detect(), metadata.names_the_instance, -index)
        self._answers.append(Answer(source, metadata, rank))
        if speaks:
            self._end = min(self._end, self._deadline.within(self._patience(self._answers[-1])), key=_by_end)

    def _foreign(self, source: Source, metadata: Metadata) -> str | None:
        """Why what a disk says is not taken for the instance's that this machine has been."""
        if not source.local or self._first.instance is None:
            return None
        if not metadata.names_the_instance and source.name != self._first.speaker:
            return NAMELESS
        return ANOTHER if metadata.instance_id != self._first.instance else None

    def _patience(self, answer: Answer) -> float:
        """Seconds that the others get after this answer."""
        pending = [self._pursuits[index].source for index in self._open]
        settled = answer.metadata.password is not None and not answer.source.local  # a drive's may be an old one
        if not settled and any(
            source.has_passwords and source.detect() is not Likelihood.UNLIKELY for source in pending
        ):
            return PATIENCE if answer.source.local else GRACE
        if not answer.metadata.names_the_instance and any(source.detect() is Likelihood.LIKELY for source in pending):
            return PATIENCE
        _, own, likelihood, *_ = answer.rank
        return 0 if own or likelihood is Likelihood.LIKELY else GRACE

    def _note(self, source: str, answer: str, address: str = "-") -> None:
        self._notes.append(Attempt(source, address, answer, 0.0))

    def _hopeless_now(self) -> bool:
        """Whether there has been no usable interface since the beginning, for long enough."""
        if self._network is None or any(answer.rank[0] for answer in self._answers):
            return False
        if self._network.ready():
            self._network = None
            return False
        carrier = bool(self._network.interfaces())
        if self._elapsed < (NO_ADDRESS if carrier else NO_CARRIER):
            return False
        self._note("network", "no interface has an address" if carrier else "no interface has a carrier")
        return True


def combined(answers: Sequence[Answer], attempts: tuple[Attempt, ...]) -> Found:
    """The best answer, and what others know of the same instance where it says nothing."""
    ranked = sorted(answers, key=lambda answer: answer.rank, reverse=True)
    if not ranked:
        return Found(None, None, attempts)
    best = ranked[0]
    metadata, confirm_to = best.metadata, best.source
    for other in ranked[1:]:
        said = other.metadata
        if said.instance_id not in (None, metadata.instance_id) and not _takes_its_name(said, metadata):
            continue
        if said.instance_id is None and _is_strange(other, best):
            attempts = (*attempts, Attempt(said.source, said.address, STRANGER, 0.0))
            continue
        if said.password is not None and (metadata.password is None or _is_older(metadata, said)):
            confirm_to = other.source
            metadata = replace(
                metadata,
                password=said.password,
                password_from=said.password_from,
                passwords_refused=said.passwords_refused,
            )
        open_fields = {name: getattr(said, name) for name in _FILLABLE if getattr(metadata, name) is None}
        metadata = replace(metadata, **open_fields, remarks=(*metadata.remarks, *said.remarks))
        if said.instance_id is not None:  # what a password alone lacks, the one who names the instance has told
            metadata = replace(metadata, missing=(*metadata.missing, *said.missing))
    speaker = best.source if best.rank[0] else None
    return Found(metadata, confirm_to, attempts, answered=speaker is not None, speaker=speaker)


def _is_older(best: Metadata, said: Metadata) -> bool:
    """Whether the password of ``best`` is what it was made with, and that of ``said`` waits to be set: a reset."""
    return bool(said.password_from) and not best.password_from


def _takes_its_name(said: Metadata, best: Metadata) -> bool:
    """Whether what names no instance, and says the system UUID for it, goes with the best answer, of that one."""
    return not said.names_the_instance and same_machine(best.instance_id, said.instance_id)


def _is_strange(nameless: Answer, best: Answer) -> bool:
    """Whether an answer about nobody is of a platform that this machine cannot be on: a neighbour, or an intruder."""
    _, own, likelihood, *_ = best.rank
    return nameless.rank[0] and nameless.rank[2] is Likelihood.UNLIKELY and (own or likelihood is Likelihood.LIKELY)


def _by_end(deadline: Deadline) -> float:
    return deadline.end
