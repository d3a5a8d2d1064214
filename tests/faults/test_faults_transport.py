"""Faults between the clone and its platform: nobody there, nobody talking, talk that breaks off.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from support.clones import CloneTree, needs_root
from support.clouds import ROUTER, SECOND_ROUTER, Cloud, cloudstack, ec2
from support.first_boot import BUDGET, boot, is_web, only_local, password_is
from support.platforms import PASSWORD, WEB

from guestseal.simulate.blackhole import BlackHole
from guestseal.simulate.faults import Fault
from guestseal.simulate.service import Address

pytestmark = needs_root

MakeCloud = Callable[..., Cloud]
both = pytest.mark.parametrize("make", [cloudstack, ec2])
HOLE = "127.0.0.71"


@contextmanager
def beside_black_holes(cloud: Cloud, *, alone: bool) -> Iterator[Cloud]:
    """The cloud, whose clones are led to an address that drops everything first, and to nothing else if ``alone``."""
    with ExitStack() as stack:

        def hole(port: int = 0) -> Address:
            return stack.enter_context(BlackHole(HOLE, port)).address

        settings = cloud.settings
        if cloud.routers is not None:
            hole(cloud.routers.metadata_port), hole(cloud.routers.password_port)
            settings = replace(settings, routers=(HOLE, *(() if alone else settings.routers)))
        else:
            dark = (("ec2", "http://{}:{}".format(*hole())),)
            settings = replace(settings, endpoints=dark + (() if alone else settings.endpoints))
        cloud.settings = settings
        yield cloud


def with_a_good_one(make: MakeCloud, fault: Fault) -> Cloud:
    """A cloud with two servers for one machine, of which only the first has the ``fault``."""
    if make is ec2:
        cloud = make(hosts=("127.0.0.61", "127.0.0.62"))
        cloud.running.add_fault(replace(fault, port=cloud.running.address_of(cloud.services[0])[1]))
        return cloud
    clones = {host: {"*": WEB} for host in (ROUTER, SECOND_ROUTER)}
    return make(replace(fault, header=("Host", f"{ROUTER}:*")), clones=clones)


@both
def test_T1_closed_ports_fail_fast_and_leave_everything(make: MakeCloud, clone: CloneTree) -> None:
    with make() as cloud:
        cloud.close()
        outcome = boot(clone, cloud)
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)
    refused = [each for each in outcome.attempts if each["answer"] == "connection refused"]
    assert len(refused) == (2 if make is cloudstack else 1)
    assert all(each["seconds"] < 1 for each in refused)


@both
def test_T1_ports_that_open_within_the_budget_are_found(make: MakeCloud, clone: CloneTree) -> None:
    with make() as cloud:
        cloud.close()
        opening = threading.Timer(0.4, cloud.running.start)
        opening.start()
        outcome = boot(clone, cloud, budget=4)
        opening.join()
    assert outcome.status == "done"
    assert is_web(clone, with_password=make is cloudstack)


@both
def test_T2_a_black_hole_beside_a_good_one_costs_nothing(make: MakeCloud, clone: CloneTree) -> None:
    with make() as made, beside_black_holes(made, alone=False) as cloud:
        outcome = boot(clone, cloud, budget=10)
    assert outcome.status == "done"
    assert is_web(clone, with_password=make is cloudstack)
    # A router may have a password that another one does not know of: it gets a second. A black hole that were
    # waited for would cost the whole budget.
    assert outcome.seconds < 5


@both
def test_T3_only_black_holes_cost_exactly_the_budget_and_the_console_lists_them(
    make: MakeCloud, clone: CloneTree
) -> None:
    with make() as made, beside_black_holes(made, alone=True) as cloud:
        outcome = boot(clone, cloud)
        ports = (cloud.settings.metadata_ports + cloud.settings.password_ports) if make is cloudstack else ()
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)
    assert outcome.seconds > BUDGET - 0.5
    silent = [address for address, answer in outcome.answers.items() if answer == "timed out"]
    assert len(silent) == (len(ports) or 1)
    assert all(f"{address}: timed out\n" in outcome.console for address in silent)


@both
def test_T4_a_server_that_never_sends_a_byte_is_given_up(make: MakeCloud, clone: CloneTree) -> None:
    with make(Fault(hang=True)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)
    assert "timed out" in outcome.answers.values()


@both
def test_T4_the_next_candidate_is_not_kept_waiting(make: MakeCloud, clone: CloneTree) -> None:
    with with_a_good_one(make, Fault(hang=True)) as cloud:
        outcome = boot(clone, cloud, budget=10)
    assert outcome.status == "done"
    assert is_web(clone, with_password=make is cloudstack)
    assert outcome.seconds < 5


@both
def test_T5_a_byte_every_five_seconds_meets_one_deadline_for_all(make: MakeCloud, clone: CloneTree) -> None:
    with make(Fault(byte_delay=5)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)
    assert "timed out" in outcome.answers.values()


@both
def test_T5_the_part_of_a_body_that_came_is_not_used(make: MakeCloud, clone: CloneTree) -> None:
    with make(Fault(path="*/instance-id", byte_delay=0.05), Fault(path="*/local-hostname", status=500)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "degraded"
    assert clone.read("/etc/hostname") == "localhost\n"
    assert clone.entry("/root/.ssh/authorized_keys") is None


@both
@pytest.mark.parametrize("cut", [{}, {"truncate_after": 0}, {"truncate_after": 2}], ids=["at once", "header", "body"])
def test_T6_a_reset_is_tried_again(make: MakeCloud, clone: CloneTree, cut: dict[str, int]) -> None:
    with make(Fault(path="*/local-hostname", reset=True, times=1, **cut)) as cloud:  # type: ignore[arg-type]
        outcome = boot(clone, cloud, budget=4)
    assert outcome.status == "done"
    assert is_web(clone, with_password=make is cloudstack)
    assert sum(target.endswith("/local-hostname") for target in outcome.targets) == 2


@both
def test_T6_what_came_before_a_reset_is_never_used(make: MakeCloud, clone: CloneTree) -> None:
    with make(Fault(truncate_after=2, reset=True)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)


def test_T6_a_password_without_the_metadata_is_set_and_the_rest_is_still_to_come(clone: CloneTree) -> None:
    with cloudstack(Fault(path="/latest/*", truncate_after=2, reset=True)) as cloud:
        outcome = boot(clone, cloud)
        assert not cloud.pending()
    assert outcome.status == "degraded"
    assert password_is(clone, PASSWORD)
    assert clone.read("/etc/hostname") == "localhost\n"
    assert "no metadata" in outcome.remarks


@both
def test_T7_a_body_shorter_than_announced_is_asked_for_again(make: MakeCloud, clone: CloneTree) -> None:
    with make(Fault(path="*/local-hostname", content_length=64, times=1)) as cloud:
        outcome = boot(clone, cloud, budget=4)
    assert outcome.status == "done"
    assert is_web(clone, with_password=make is cloudstack)


@both
def test_T7_and_never_used(make: MakeCloud, clone: CloneTree) -> None:
    with make(Fault(content_length=9999)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)


@both
def test_T8_of_a_body_longer_than_announced_only_that_much_is_read(make: MakeCloud, clone: CloneTree) -> None:
    long = Fault(path="*/local-hostname", status=200, body=b"web\nand something more", content_length=3)
    with make(long) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert is_web(clone, with_password=make is cloudstack)


def test_T8_a_password_with_something_behind_it_is_refused(clone: CloneTree) -> None:
    fault = Fault(header=("DomU_Request", "send_my_password"), content_length=7)
    with cloudstack(fault) as cloud:
        cloud.secrets = [PASSWORD[:7]]
        outcome = boot(clone, cloud)
        assert cloud.pending()
    assert outcome.status == "degraded"
    assert is_web(clone, with_password=False)
    assert not password_is(clone, PASSWORD[:7])
    assert outcome.asked("saved_password") == []
