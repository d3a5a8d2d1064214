"""Finding a platform: who is asked again, who wins, and when it is over. The clock here jumps."""

from __future__ import annotations

import logging
import threading
import time

import pytest
from support.discovery import REFUSED, Script, find, hang
from support.machine import FakeClock, FakeNetwork, soon
from support.platforms import UUID
from support.timing import LAG

from guestseal.errors import Absent, Denied, Malformed
from guestseal.firstboot.discovery import (
    GRACE,
    LONGEST_PAUSE,
    NO_ADDRESS,
    NO_CARRIER,
    discover,
)
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.source import Attempt, Likelihood
from guestseal.machine.clock import Clock, Deadline
from guestseal.settings import Settings


def test_a_source_that_answers_is_found():
    source = Script("a", "i-a")
    found = find([source])
    assert (found.metadata, found.source) == (Metadata("a", "at a", "i-a"), source)
    assert (source.fetches, source.confirmed) == (1, 0)


def test_no_source_finds_nothing():
    assert discover([], soon()).metadata is None


def test_a_service_that_comes_up_late_is_found():
    clock = FakeClock()
    source = Script("a", REFUSED, REFUSED, REFUSED, "i-a", clock=clock)
    start = clock.monotonic()
    found = find([source])
    assert found.metadata is not None
    assert source.fetches == 4
    assert 0.5 + 1 + 2 <= clock.monotonic() - start < 10


def test_pauses_grow_and_stay_bounded():
    clock = FakeClock()
    find([Script("a", REFUSED, clock=clock)], 60)
    pauses = [seconds for seconds in clock.waits if seconds in (1.0, 2.0, 4.0, LONGEST_PAUSE)]
    assert pauses[:3] == [1.0, 2.0, 4.0]
    assert max(clock.waits) <= LONGEST_PAUSE


def test_half_of_a_pause_is_chance():
    clock = FakeClock()
    discover([Script("a", REFUSED, clock=clock)], Deadline.after(clock, 3), jitter=lambda: 0.0)
    assert 0.25 in clock.waits


def test_nobody_answers_until_the_budget_is_spent():
    clock = FakeClock()
    source = Script("a", REFUSED, clock=clock)
    start = clock.monotonic()
    found = find([source], 30)
    assert (found.metadata, found.source) == (None, None)
    assert 20 < clock.monotonic() - start <= 36
    assert [(each.source, each.address, each.answer) for each in found.attempts] == [
        ("a", "10.1.1.1:80", "connection refused")
    ]


@pytest.mark.parametrize("error", [Absent("x", "no"), Denied("x", "no"), Malformed("x", "no")], ids=repr)
def test_a_refusal_is_final(error):
    clock = FakeClock()
    source = Script("a", error, clock=clock)
    start = clock.monotonic()
    assert find([source]).metadata is None
    assert source.fetches == 1
    assert clock.monotonic() - start < 1 + LAG


def test_a_refusal_of_one_source_does_not_end_the_other():
    clock = FakeClock()
    sources = [Script("a", Denied("x", "no"), clock=clock), Script("b", REFUSED, REFUSED, "i-b", clock=clock)]
    found = find(sources)
    assert found.source is sources[1]
    assert ("a", "x", "no") in [(each.source, each.address, each.answer) for each in found.attempts]


def test_all_sources_are_asked_at_the_same_time():
    both = threading.Barrier(2, timeout=3)

    def meet(_: Deadline) -> str:
        both.wait()
        return UUID

    sources = [Script("a", meet, clock=Clock()), Script("b", meet, clock=Clock())]
    assert find(sources, 5).metadata is not None


def test_the_machines_own_instance_wins():
    sources = [Script("a", "i-a", likelihood=Likelihood.LIKELY), Script("b", UUID.upper())]
    late = threading.Event()
    sources[0].answers = (hang(late),)
    found = find([sources[1], sources[0]], 5)
    late.set()
    assert found.source is sources[1]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_firmware_decides_between_two_answers(order):
    clock = Clock()
    pair = [
        Script("likely", lambda _: clock.pause(0.1) or "i-a", likelihood=Likelihood.LIKELY, clock=clock),
        Script("possible", "i-b", clock=clock),
    ]
    found = discover([pair[index] for index in order], soon(5))
    assert found.source is pair[0]


def test_otherwise_the_order_decides():
    clock = Clock()
    slow, quick = Script("a", lambda _: clock.pause(0.1) or "i-a", clock=clock), Script("b", "i-b", clock=clock)
    assert discover([slow, quick], soon(5)).source is slow
    slow.fetches = quick.fetches = 0
    assert discover([quick, slow], soon(5)).source is quick


def test_a_better_source_gets_a_little_time_and_no_more():
    late = threading.Event()
    clock = Clock()
    start = time.monotonic()
    found = discover([Script("a", hang(late), clock=clock), Script("b", "i-b", clock=clock)], soon(20))
    late.set()
    assert found.metadata is not None
    assert GRACE - 0.1 < time.monotonic() - start < GRACE + 0.5


@pytest.mark.parametrize(
    ("answer", "likelihood"), [(UUID, Likelihood.UNLIKELY), ("i-b", Likelihood.LIKELY)], ids=["identity", "firmware"]
)
def test_a_certain_answer_waits_for_nobody(answer, likelihood):
    late = threading.Event()
    clock = Clock()
    start = time.monotonic()
    sources = [Script("a", hang(late), clock=clock), Script("b", answer, clock=clock, likelihood=likelihood)]
    assert discover(sources, soon(20)).source is sources[1]
    late.set()
    assert time.monotonic() - start < 0.4 + LAG


def test_a_source_that_hangs_costs_the_budget_and_is_told_of():
    late = threading.Event()
    start = time.monotonic()
    found = discover([Script("a", hang(late), clock=Clock())], soon(0.4))
    late.set()
    assert time.monotonic() - start < 0.8 + LAG
    assert found.attempts == (Attempt("a", "-", "did not end in time", 0.0),)


@pytest.mark.parametrize(
    ("interfaces", "limit", "why"),
    [((), NO_CARRIER, "no interface has a carrier"), (None, NO_ADDRESS, "no interface has an address")],
    ids=["no carrier", "no address"],
)
def test_without_a_network_it_is_over_soon(interfaces, limit, why):
    clock = FakeClock()
    start = clock.monotonic()
    source = Script("a", REFUSED, clock=clock)
    source.machine.network = FakeNetwork(interfaces, ready=False)  # type: ignore[assignment]
    found = find([source], 60)
    assert limit <= clock.monotonic() - start < limit + 6
    assert found.attempts[-1] == Attempt("network", "-", why, 0.0)


def test_a_network_that_comes_up_in_time_is_waited_for():
    clock = FakeClock()
    source = Script("a", *[REFUSED] * 6, "i-a", clock=clock, ready=False)
    network = source.machine.network
    source.answers = (REFUSED, lambda _: network.__dict__.update(_ready=True) or REFUSED, *[REFUSED] * 3, "i-a")
    assert find([source], 60).metadata is not None


def test_identity_may_be_required_of_every_source():
    settings = Settings(require_identity_match=True)
    found = find([Script("a", "i-a", settings=settings)], 3)
    assert found.metadata is None
    assert "require-identity-match" in found.attempts[-1].answer
    assert find([Script("a", UUID, settings=settings)], 3).metadata is not None


def test_a_bug_of_one_source_does_not_cost_the_other(caplog):
    caplog.set_level(logging.ERROR)
    sources = [Script("a", ValueError("a bug")), Script("b", UUID)]
    sources[1].answers = (lambda _: Clock().pause(0.05) or UUID,)
    found = discover(sources, Deadline.after(Clock(), 5))
    assert found.source is sources[1]
    assert found.attempts == (Attempt("a", "-", "failed: ValueError", 0.0),)
    assert "source a failed" in caplog.text
