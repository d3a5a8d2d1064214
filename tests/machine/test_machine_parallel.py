"""Work beside each other: outcomes as they come, and nobody waits for what hangs."""

from __future__ import annotations

import threading
import time

import pytest
from support.machine import soon
from support.timing import LAG

from guestseal.errors import Absent, Unreachable
from guestseal.machine.clock import Clock
from guestseal.machine.parallel import Parallel
from guestseal.machine.resolver import Resolver, system_lookup


def test_outcomes_come_in_the_order_in_which_the_work_ends():
    parallel: Parallel[str, int] = Parallel(Clock())
    first = threading.Event()
    parallel.start("slow", lambda: 1 if first.wait(2) else 0)
    parallel.start("quick", lambda: 2)
    outcome = parallel.next(soon())
    assert outcome is not None
    assert (outcome.key, outcome.result()) == ("quick", 2)
    first.set()
    assert [(each.key, each.result()) for each in parallel.until(soon())] == [("slow", 1)]


def test_what_hangs_is_left_behind():
    parallel: Parallel[str, bool] = Parallel(Clock())
    release = threading.Event()
    parallel.start("hangs", lambda: release.wait(5))
    start = time.monotonic()
    assert parallel.next(soon(0.1)) is None
    assert time.monotonic() - start < 0.4 + LAG
    release.set()


@pytest.mark.parametrize("error", [Absent("a", "b"), ValueError("a bug"), SystemExit(3)], ids=repr)
def test_every_error_reaches_who_asks_for_the_result(error):
    def fail() -> int:
        raise error

    parallel: Parallel[str, int] = Parallel(Clock())
    parallel.start("fails", fail)
    outcome = parallel.next(soon())
    assert outcome is not None
    assert outcome.error is error
    with pytest.raises(type(error)):
        outcome.result()


def test_nothing_to_do_is_over_at_once():
    parallel: Parallel[str, int] = Parallel(Clock())
    assert parallel.next(soon(60)) is None


def test_a_name_is_looked_up():
    assert Resolver(lambda name: ["127.0.0.1", name]).addresses("x", soon()) == ("127.0.0.1", "x")


def test_a_lookup_that_hangs_is_waited_for_again_and_not_started_again():
    calls: list[str] = []
    release = threading.Event()

    def lookup(name: str) -> list[str]:
        calls.append(name)
        release.wait(5)
        return ["127.0.0.1"]

    resolver = Resolver(lookup)
    for _ in range(3):
        with pytest.raises(Unreachable, match="not resolved in time"):
            resolver.addresses("data-server", soon(0.05))
    release.set()
    assert resolver.addresses("data-server", soon()) == ("127.0.0.1",)
    assert calls == ["data-server"]
    assert resolver.addresses("data-server", soon()) == ("127.0.0.1",)
    assert calls == ["data-server"] * 2


def test_many_may_wait_for_one_name():
    release = threading.Event()
    resolver = Resolver(lambda name: [name] if release.wait(2) else [])
    parallel: Parallel[int, tuple[str, ...]] = Parallel(Clock())
    for number in range(5):
        parallel.start(number, lambda: resolver.addresses("x", soon()))
    release.set()
    assert [each.result() for each in parallel.until(soon())] == [("x",)] * 5


@pytest.mark.parametrize("name", ["a" * 70 + ".test", "a..b"])
def test_what_is_no_name_is_absent(name):
    with pytest.raises(Absent):
        system_lookup(name)


def test_addresses_need_no_name_server():
    assert system_lookup("127.0.0.1") == ["127.0.0.1"]
