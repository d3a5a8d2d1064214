"""Discovery with the real sources, and what of several answers is taken."""

from __future__ import annotations

import time

import pytest
from support.discovery import REFUSED, Script, find
from support.machine import FakeClock, machine, soon
from support.platforms import UUID, WEB, start_routers
from support.timing import LAG

from guestseal.errors import Absent, Denied
from guestseal.firstboot.discovery import (
    LATER,
    NAMELESS,
    STRANGER,
    First,
    discover,
)
from guestseal.firstboot.metadata import Endpoint, Metadata, Secret
from guestseal.firstboot.source import Likelihood, Source
from guestseal.firstboot.sources.cloudstack import SOURCE as CLOUDSTACK
from guestseal.firstboot.sources.ec2 import SOURCE as EC2
from guestseal.machine.clock import Clock
from guestseal.machine.firmware import Firmware, swapped
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault


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
