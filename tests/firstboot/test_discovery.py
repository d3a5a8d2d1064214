"""Finding a platform: who is asked again, who wins, and when it is over. The clock here jumps."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

import pytest
from support.machine import FakeClock, FakeNetwork, machine, soon
from support.platforms import UUID, WEB, start_routers
from support.timing import LAG

from guestseal.errors import Absent, Denied, Malformed, Unreachable
from guestseal.firstboot.discovery import (
    GRACE,
    LATER,
    LONGEST_PAUSE,
    NAMELESS,
    NO_ADDRESS,
    NO_CARRIER,
    STRANGER,
    First,
    discover,
)
from guestseal.firstboot.metadata import Endpoint, Metadata, Secret
from guestseal.firstboot.source import Attempt, Likelihood, Source
from guestseal.firstboot.sources.cloudstack import SOURCE as CLOUDSTACK
from guestseal.firstboot.sources.ec2 import SOURCE as EC2
from guestseal.firstboot.validation import swapped
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault

REFUSED = Unreachable("10.1.1.1:80", "connection refused")


class Script(Source):
    """A source that does what a test wrote down, the last of it for ever."""

    def __init__(
        self,
        name: str,
        *answers: object,
        clock: Clock | None = None,
        likelihood: Likelihood = Likelihood.POSSIBLE,
        ready: bool = True,
        settings: Settings | None = None,
        **said: object,
    ) -> None:
        firmware = Firmware(uuid=UUID)
        made = machine(network=FakeNetwork(ready=ready), firmware=firmware, clock=clock or FakeClock())
        self.name = name  # type: ignore[misc]
        super().__init__(made, settings or Settings())
        self.answers = answers
        self.likelihood = likelihood
        self.fetches = 0
        self.confirmed = 0
        for attribute in ("speaks_for_the_platform", "local", "has_passwords"):
            setattr(self, attribute, said.pop(attribute, getattr(Source, attribute)))
        self.said = said

    def detect(self) -> Likelihood:
        return self.likelihood

    def fetch(self, deadline: Deadline) -> Metadata:
        answer = self.answers[min(self.fetches, len(self.answers) - 1)]
        self.fetches += 1
        if callable(answer):
            answer = answer(deadline)
        if isinstance(answer, BaseException):
            raise answer
        instance = None if answer == "" else str(answer)
        return Metadata(self.name, f"at {self.name}", instance, **self.said)  # type: ignore[arg-type]

    def confirm(self, metadata: Metadata, deadline: Deadline) -> None:
        self.confirmed += 1


def find(sources: Sequence[Source], seconds: float = 30.0, **options: object):
    clock = sources[0].machine.clock
    return discover(sources, Deadline.after(clock, seconds), jitter=lambda: 1.0, **options)  # type: ignore[arg-type]


def hang(until: threading.Event) -> Callable[[Deadline], str]:
    return lambda _: "i-late" if until.wait(5) else "i-never"


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


# With the real sources


def _real(made, **options: object) -> list[Source]:
    settings = made.settings(endpoints=(("ec2", "http://127.0.0.1:1"), ("ec2", "http://[::1]:1")), **options)
    ready = machine(firmware=Firmware(uuid=UUID))
    return [EC2(ready, settings), CLOUDSTACK(ready, settings)]


@pytest.fixture
def routers():
    made = start_routers({"127.0.0.21": {"*": WEB}})
    yield made
    made.simulator.close()


def test_the_platform_is_found_among_those_that_are_not_there(routers):
    start = time.monotonic()
    found = discover(_real(routers), soon(10))
    assert time.monotonic() - start < 0.8 + LAG
    assert found.metadata is not None
    assert (found.source.name, found.metadata.instance_id) == ("cloudstack", UUID)
    assert routers.by_host["127.0.0.21"].pending("127.0.0.1")


def test_a_router_that_is_busy_at_first_is_found_within_the_budget(routers):
    routers.simulator.add_fault(Fault(path="/latest/*", status=503, times=2))
    routers.simulator.add_fault(Fault(port=routers.password_port, reset=True, times=2))
    found = discover(_real(routers), soon(10), jitter=lambda: 0.0)
    assert found.metadata is not None
    assert found.metadata.instance_id == UUID


def test_what_was_tried_is_told_address_by_address(routers):
    routers.simulator.add_fault(Fault(status=403))
    found = discover(_real(routers), soon(1.5))
    told = {(each.source, each.answer) for each in found.attempts}
    assert found.metadata is None
    assert told == {("ec2", "connection refused"), ("cloudstack", "status 403"), ("cloudstack", "no such name")}


def test_the_less_likely_are_asked_later_and_only_without_an_answer():
    clock = FakeClock()
    second = Script("b", "i-b", clock=clock)
    found = find([Script("a", REFUSED, clock=clock)], later=lambda: [second])
    assert found.metadata is not None and found.metadata.source == "b"
    assert clock.monotonic() - 1000 >= LATER
    second = Script("b", "i-b")
    assert find([Script("a", "i-a")], later=lambda: [second]).metadata == Metadata("a", "at a", "i-a")
    assert second.fetches == 0


def test_the_less_likely_are_asked_at_once_when_the_others_have_said_no():
    clock = FakeClock()
    found = find([Script("a", Absent("x", "no"), clock=clock)], later=lambda: [Script("b", "i-b", clock=clock)])
    assert found.answered
    assert clock.monotonic() - 1000 < LATER


def test_what_the_best_leaves_open_is_filled_by_others_about_the_same_instance():
    secret = Secret(b"waiting")
    offered = {"password": secret, "password_from": (Endpoint("10.1.1.1", 8080),), "passwords_refused": (Secret(b"x"),)}
    router = Script("router", UUID, **offered, has_passwords=True)
    sources = [Script("drive", UUID, hostname="web", local=True), router, Script("other", "i-x", ssh_keys=("k",))]
    found = find(sources)
    assert found.metadata is not None
    assert (found.metadata.source, found.metadata.hostname, found.metadata.password) == ("drive", "web", secret)
    assert found.metadata.passwords_refused == (Secret(b"x"),)
    assert found.source is router
    assert found.metadata.ssh_keys is None


def test_a_disk_answers_and_the_router_that_may_have_a_password_is_waited_for():
    clock = Clock()
    drive = Script("drive", UUID, local=True, clock=clock)
    router = Script(
        "router", lambda _: clock.pause(0.3) or UUID, password=Secret(b"x"), has_passwords=True, clock=clock
    )
    found = find([drive, router])
    assert found.metadata is not None and found.metadata.password == Secret(b"x")


def test_who_does_not_speak_for_the_platform_is_no_answer():
    clock = FakeClock()
    lease = Script("dhcp", "", fallback_hostname="from-lease", speaks_for_the_platform=False, clock=clock)
    found = find([lease, Script("a", REFUSED, clock=clock)], 5)
    assert not found.answered
    assert found.metadata is not None and found.metadata.fallback_hostname == "from-lease"
    found = find([lease, Script("a", REFUSED, "i-a", clock=clock)], 9)
    assert found.answered
    assert (found.metadata.source, found.metadata.fallback_hostname) == ("a", "from-lease")


def test_a_disk_that_speaks_of_another_instance_is_ignored_after_the_first_boot():
    found = find([Script("drive", "i-evil", local=True)], 2, first=First("i-mine"))
    assert found.metadata is None
    assert "ignored" in found.attempts[-1].answer
    assert find([Script("drive", "i-mine", local=True)], 2, first=First("i-mine")).answered
    assert find([Script("net", "i-other")], 2, first=First("i-mine")).answered


def test_a_disk_that_names_no_instance_is_believed_at_the_first_boot_only():
    drive = {"local": True, "names_the_instance": False}
    assert find([Script("disc", UUID, **drive)], 2).complete
    found = find([Script("disc", UUID, **drive)], 2, first=First(UUID))
    assert (found.metadata, found.attempts[-1].answer) == (None, NAMELESS)
    strict = Script("disc", UUID, settings=Settings(require_identity_match=True), **drive)
    assert find([strict], 2).metadata is None


@pytest.mark.parametrize("spelling", [UUID, UUID.upper(), swapped(UUID)])
def test_a_disk_that_names_no_instance_completes_a_service_that_does(spelling):
    clock = Clock()
    secret = Secret(b"on the disc")
    drive = {"local": True, "names_the_instance": False, "has_passwords": True}
    disc = Script("disc", UUID, hostname="disc", password=secret, likelihood=Likelihood.LIKELY, clock=clock, **drive)
    slow = lambda _: clock.pause(0.3) or spelling  # noqa: E731
    service = Script("imds", slow, hostname="web", likelihood=Likelihood.LIKELY, clock=clock)
    found = find([disc, service])
    assert found.metadata is not None
    assert (found.metadata.source, found.metadata.instance_id) == ("imds", spelling)
    assert (found.metadata.hostname, found.metadata.password) == ("web", secret)
    assert (found.source, found.speaker) == (disc, service)
    of_another = Script("imds", "i-other", likelihood=Likelihood.LIKELY, clock=clock)
    found = find([disc, of_another])
    assert (found.metadata.instance_id, found.metadata.password) == ("i-other", None)


def test_where_it_spoke_at_the_first_boot_it_goes_on_speaking():
    disc = Script("disc", UUID, local=True, names_the_instance=False)
    assert find([disc], 2, first=First(UUID, "disc")).complete
    assert find([disc], 2, first=First(UUID, "imds")).metadata is None


def test_a_password_is_not_lost_where_its_server_has_told_nothing_else_when_the_search_ends():
    clock, secret = Clock(), Secret(b"waiting")
    router = Script("router", "", REFUSED, password=secret, missing=("the metadata",), has_passwords=True, clock=clock)
    drive = Script("drive", lambda _: clock.pause(0.2) or UUID, hostname="web", local=True, clock=clock)
    found = find([drive, router], 5)
    assert found.metadata is not None
    assert (found.metadata.source, found.metadata.hostname, found.metadata.password) == ("drive", "web", secret)
    assert (found.source, found.complete) == (router, True)


def test_a_password_that_waits_is_set_rather_than_the_one_that_a_drive_still_holds():
    old, reset, server = Secret(b"made with"), Secret(b"reset"), Endpoint("10.1.1.1", 8080)
    clock = Clock()
    slow = lambda _: clock.pause(0.3) or UUID  # noqa: E731
    router = Script("router", slow, password=reset, password_from=(server,), has_passwords=True, clock=clock)
    drive = Script("drive", UUID, password=old, local=True, has_passwords=True, clock=clock)
    found = find([drive, router], 5)
    assert found.metadata is not None
    assert (found.metadata.source, found.metadata.password, found.metadata.password_from) == ("drive", reset, (server,))
    assert found.source is router


@pytest.mark.parametrize("strange", [True, False], ids=["of another platform", "perhaps of this one"])
def test_the_password_of_a_server_that_names_nobody_is_taken_only_where_it_may_be_this_platforms(strange):
    secret = Secret(b"an intruder's, perhaps")
    likelihood = Likelihood.UNLIKELY if strange else Likelihood.POSSIBLE
    router = Script("router", "", password=secret, missing=("the metadata",), has_passwords=True, likelihood=likelihood)
    service = Script("service", UUID, likelihood=Likelihood.LIKELY, clock=router.machine.clock)
    found = find([router, service], 5)
    assert found.metadata is not None
    assert found.metadata.password == (None if strange else secret)
    assert (STRANGER in [attempt.answer for attempt in found.attempts]) is strange


def test_who_speaks_for_the_platform_is_who_is_reported_to():
    router = Script("router", UUID, password=Secret(b"x"), has_passwords=True)
    drive = Script("drive", UUID, local=True)
    found = find([drive, router])
    assert (found.source, found.speaker) == (router, drive)
    clock = FakeClock()
    lease = Script("dhcp", "", fallback_hostname="from-lease", speaks_for_the_platform=False, clock=clock)
    assert find([lease], 2).speaker is None


def test_a_password_and_nothing_else_is_asked_again_for_the_rest():
    clock = FakeClock()
    source = Script("a", "", REFUSED, "i-a", missing=("the metadata",), clock=clock)
    found = find([source])
    assert found.metadata is not None and found.metadata.instance_id == "i-a"
    assert source.fetches == 3


@pytest.mark.parametrize("later", [REFUSED, "", Denied("x", "no")], ids=["silence", "no more", "refused"])
def test_and_is_taken_alone_when_nothing_more_comes(later):
    clock = FakeClock()
    found = find([Script("a", "", later, missing=("the metadata",), password=Secret(b"x"), clock=clock)], 6)
    assert found.metadata is not None and found.metadata.password == Secret(b"x")
    assert found.answered and not found.complete


def test_what_will_never_come_is_not_waited_for():
    clock = FakeClock()
    source = Script("a", "", password=Secret(b"x"), clock=clock)
    assert not find([source]).complete
    assert source.fetches == 1
