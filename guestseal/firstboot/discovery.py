"""Asking all sources until one answers, and no longer than there is hope."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guestseal.errors import SourceError, Unreachable
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.source import Attempt, Likelihood, Source
from guestseal.firstboot.validation import FOREIGN, same_machine
from guestseal.machine.clock import Deadline
from guestseal.machine.network import Network
from guestseal.machine.parallel import Outcome, Parallel

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 5.0
LAST_CHANCE = 1.0
"""Seconds that are left for the last time a source is asked."""
GRACE = 1.0
"""Seconds that a better source gets once another one has answered."""
SETTLE = 5.0
"""Seconds without any usable interface after which nothing is waited for."""
LOOK = 0.5
"""Seconds between two looks at the interfaces."""
MARGIN = 0.25
"""Seconds by which the sources end before the deadline, to say what they have tried."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """What came of it: metadata and its source, or neither; and what was tried, for people."""

    metadata: Metadata | None
    source: Source | None
    attempts: tuple[Attempt, ...]


def discover(
    sources: Sequence[Source],
    deadline: Deadline,
    *,
    settle: float = SETTLE,
    jitter: Callable[[], float] = random.random,
) -> Found:
    """The best answer of ``sources``, all asked at the same time, by ``deadline`` at the latest.

    A source that nobody answers is asked again after a growing pause; one that is answered
    with a refusal, or with something not to be believed, is not. The instance-id that is
    this machine's system UUID counts most, then the firmware's hint, then the order of
    ``sources``. Without any interface with a carrier and an address it ends after ``settle``
    seconds. ``jitter`` gives numbers from 0 to 1. Trouble with the network is in the
    attempts and never raised, and nothing is written or acknowledged.
    """
    if not sources:
        return Found(None, None, ())
    return _Search(sources, deadline, settle, jitter).run()


class _Pursuit:
    """One source, asked again and again."""

    def __init__(self, source: Source, deadline: Deadline, stop: threading.Event, jitter: Callable[[], float]) -> None:
        self.source = source
        self.attempts: tuple[Attempt, ...] = ()
        self._deadline, self._stop, self._jitter = deadline, stop, jitter

    def fetch(self) -> Metadata:
        """The source's metadata. Raises its last error."""
        pause = FIRST_PAUSE
        while True:
            try:
                return self._once()
            except Unreachable:
                # Half of the pause is chance: hundreds of clones may start in the same second.
                delay = pause * (1 + self._jitter()) / 2
                room = self._deadline.remaining - LAST_CHANCE
                if room <= 0 or self._deadline.clock.wait(self._stop, min(delay, room)):
                    raise
            pause = min(2 * pause, LONGEST_PAUSE)

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
        self, sources: Sequence[Source], deadline: Deadline, settle: float, jitter: Callable[[], float]
    ) -> None:
        clock = deadline.clock
        self._end = self._deadline = deadline
        self._hopeless = deadline.within(settle)
        self._network: Network | None = sources[0].machine.network
        self._stop = threading.Event()
        inner = Deadline(clock, deadline.end - MARGIN)
        self._pursuits = [_Pursuit(source, inner, self._stop, jitter) for source in sources]
        self._open = set(range(len(sources)))
        self._running: Parallel[int, Metadata] = Parallel(clock)
        self._notes: list[Attempt] = []
        self._answers: list[tuple[tuple[bool, Likelihood, int], Source, Metadata]] = []

    def run(self) -> Found:
        for index, pursuit in enumerate(self._pursuits):
            self._running.start(index, pursuit.fetch)
        try:
            while self._open and not self._end.passed and not self._hopeless_now():
                outcome = self._running.next(self._end.within(LOOK))
                if outcome is not None:
                    self._take(outcome)
        finally:
            self._stop.set()
        for index in sorted(self._open):
            if not self._answers and not self._pursuits[index].attempts:
                self._note(self._pursuits[index].source.name, "did not end in time")
        attempts = [attempt for pursuit in self._pursuits for attempt in pursuit.attempts]
        best = max(self._answers, key=lambda answer: answer[0], default=None)
        return Found(best and best[2], best and best[1], (*attempts, *self._notes))

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
        metadata = outcome.result()
        own = same_machine(metadata.instance_id, source.machine.firmware.uuid)
        if source.settings.require_identity_match and not own:
            self._note(source.name, FOREIGN, metadata.address)
            return
        likelihood = source.detect()
        self._answers.append(((own, likelihood, -index), source, metadata))
        certain = own or likelihood is Likelihood.LIKELY
        self._end = min(self._end, self._deadline.within(0 if certain else GRACE), key=lambda end: end.end)

    def _note(self, source: str, answer: str, address: str = "-") -> None:
        self._notes.append(Attempt(source, address, answer, 0.0))

    def _hopeless_now(self) -> bool:
        """Whether there has been no usable interface since the beginning, for long enough."""
        if self._network is None or self._answers:
            return False
        if self._network.ready():
            self._network = None
            return False
        if self._hopeless.passed:
            self._note("network", "no interface has a carrier and an address")
            return True
        return False
