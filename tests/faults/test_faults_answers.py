"""Faults in what the platform answers: malformed, endless, refused, sent elsewhere, or not metadata at all.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness.
"""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from support.clones import CloneTree, needs_root
from support.clouds import Cloud, cloudstack, ec2
from support.first_boot import boot, is_web, only_local, password_is
from support.machine import soon
from support.platforms import PASSWORD, UUID, WEB

from guestseal.firstboot.candidates import make as sources
from guestseal.simulate.ec2 import TOKEN_HEADER, TOKEN_PATH, Tokens
from guestseal.simulate.faults import Chunks, Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.server import Simulator
from guestseal.simulate.service import Request, Response

pytestmark = needs_root

MakeCloud = Callable[..., Cloud]
both = pytest.mark.parametrize("make", [cloudstack, ec2])
NAME, KEYS = "*/local-hostname", "*/public-keys*"
ENOUGH = 32 << 20
"""Bytes that the kernel may have taken from the server of an answer that is given up: the buffers of two sockets."""


def refused(make: MakeCloud, clone: CloneTree, *faults: Fault, why: str) -> None:
    """Boot beside a platform that answers everything with ``faults``: degraded, nothing believed, ``why`` is told."""
    with make(*faults) as cloud:
        outcome = boot(clone, cloud)
        assert cloud.pending() is (make is cloudstack)
        sent = max(exchange.sent for exchange in outcome.journal)
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)
    assert why in "\n".join(outcome.answers.values())
    assert outcome.asked("saved_password") == []
    assert sent < ENOUGH


@both
def test_T9_chunks_are_put_together(make: MakeCloud, clone: CloneTree) -> None:
    with make(Fault(chunked=Chunks.GOOD)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert is_web(clone, with_password=make is cloudstack)


@both
def test_T9_a_chunk_size_that_is_no_number_is_refused(make: MakeCloud, clone: CloneTree) -> None:
    refused(make, clone, Fault(chunked=Chunks.BROKEN), why="not a valid HTTP answer")


@both
def test_T9_chunks_without_an_end_are_too_large(make: MakeCloud, clone: CloneTree) -> None:
    refused(make, clone, Fault(chunked=Chunks.INFINITE), why="too large")


@both
def test_T10_an_answer_without_a_status_line_is_refused(make: MakeCloud, clone: CloneTree) -> None:
    refused(make, clone, Fault(raw=b"a-name-out-of-nowhere\n"), why="not an HTTP answer")


@both
def test_T11_http_1_0_with_two_servers_and_no_length_is_accepted(make: MakeCloud, clone: CloneTree) -> None:
    old = b"HTTP/1.0 200 OK\r\nServer: one\r\nServer: two\r\n\r\nweb"
    with make(Fault(path=NAME, raw=old)) as cloud:
        outcome = boot(clone, cloud)
        # The password server itself answers just so: passwd_server_ip.py.
        assert not cloud.pending()
    assert outcome.status == "done"
    assert is_web(clone, with_password=make is cloudstack)


@both
@pytest.mark.parametrize("head", [{"header_size": 100 << 10}, {"header_flood": 10_000}], ids=["100 KiB", "10000 lines"])
def test_T12_a_header_without_measure_is_refused_in_bounded_memory(
    make: MakeCloud, clone: CloneTree, head: dict[str, Any]
) -> None:
    tracemalloc.start()
    try:
        refused(make, clone, Fault(**head), why="")
        assert tracemalloc.get_traced_memory()[1] < ENOUGH
    finally:
        tracemalloc.stop()


@both
def test_T13_ten_gigabytes_are_given_up_at_the_limit(make: MakeCloud, clone: CloneTree) -> None:
    refused(make, clone, Fault(method="GET", status=200, body_size=10 << 30), why="too large")


@both
def test_T14_a_compressed_answer_that_nobody_asked_for_is_refused(make: MakeCloud, clone: CloneTree) -> None:
    bomb = gzip.compress(bytes(1 << 20))
    compressed = Fault(method="GET", status=200, body=bomb, headers=(("Content-Encoding", "gzip"),))
    refused(make, clone, compressed, why="compressed, which was not asked for")


USER_DATA = b"#!/bin/sh\necho all is well\n"


@both
def test_T14_compressed_user_data_is_unpacked(make: MakeCloud) -> None:
    said = Instance(UUID, user_data=gzip.compress(USER_DATA))
    with make(instance=said, user_data="keep") as cloud:
        (source,) = sources(cloud.settings.sources.split(","), cloud.machine, cloud.settings)
        assert source.fetch(soon()).user_data == USER_DATA


@both
def test_T14_user_data_that_is_a_bomb_costs_itself_alone(make: MakeCloud, clone: CloneTree) -> None:
    bomb = gzip.compress(bytes(256 << 20))
    tracemalloc.start()
    try:
        with make(instance=replace(WEB, user_data=bomb), user_data="keep") as cloud:
            outcome = boot(clone, cloud, again=False)
        assert tracemalloc.get_traced_memory()[1] < 3 * ENOUGH
    finally:
        tracemalloc.stop()
    assert outcome.status == "done"
    assert is_web(clone, with_password=make is cloudstack)
    assert "user data: more than 16 MiB" in outcome.remarks


@both
def test_T15_what_is_optional_may_be_missing(make: MakeCloud, clone: CloneTree) -> None:
    with make(Fault(path="*hostname", status=404), Fault(path=KEYS, status=404)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert clone.read("/etc/hostname") == "localhost\n"
    assert clone.entry("/root/.ssh") is None
    assert password_is(clone, PASSWORD) is (make is cloudstack)


@both
def test_T15_without_an_instance_id_it_is_no_source(make: MakeCloud, clone: CloneTree) -> None:
    with make(Fault(path="*/instance-id", status=404)) as cloud:
        outcome = boot(clone, cloud, budget=10)
    assert outcome.status == "degraded"
    assert clone.read("/etc/hostname") == "localhost\n"
    assert clone.entry("/root/.ssh") is None
    assert "without an instance-id" in "\n".join(outcome.answers.values())
    assert outcome.seconds < 5


RETRY_AFTER = [None, "1", "86400", "Fri, 01 Jan 2100 00:00:00 GMT", "soon", "-1"]


@both
@pytest.mark.parametrize(
    ("status", "after"),
    [(500, None), (502, None), (429, "86400"), *((503, value) for value in RETRY_AFTER)],
)
def test_T16_a_busy_service_is_asked_again_within_the_budget_whatever_it_says(
    make: MakeCloud, clone: CloneTree, status: int, after: str | None
) -> None:
    headers = () if after is None else (("Retry-After", after),)
    with make(Fault(status=status, headers=headers, times=2)) as cloud:
        outcome = boot(clone, cloud, budget=6, again=False)
    assert outcome.status == "done"
    assert is_web(clone, with_password=make is cloudstack)
    assert outcome.seconds < 4


@both
def test_T16_and_is_given_up_when_the_budget_is_spent(make: MakeCloud, clone: CloneTree) -> None:
    refused(make, clone, Fault(status=503, headers=(("Retry-After", "86400"),)), why="status 503")


@both
def test_T17_a_service_that_comes_late_changes_nothing_of_the_identity(make: MakeCloud, clone: CloneTree) -> None:
    with make(Fault(status=503, times=4)) as cloud:
        early = boot(clone, cloud, stages=["local"], again=False)
        made = clone.read("/etc/ssh/ssh_host_ed25519_key.pub")
        outcome = boot(clone, cloud, budget=12, again=False)
    assert (early.status, outcome.status) == ("done", "done")
    assert is_web(clone, with_password=make is cloudstack)
    assert clone.read("/etc/ssh/ssh_host_ed25519_key.pub") == made


def test_T18_an_expired_token_is_renewed_once(clone: CloneTree) -> None:
    with ec2(Fault(path=NAME, status=401, times=1), token=Tokens.REQUIRED) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert is_web(clone, with_password=False)
    assert outcome.targets.count(f"PUT {TOKEN_PATH}") == 2


def test_T18_a_service_that_takes_no_token_is_not_asked_for_ever(clone: CloneTree) -> None:
    with ec2(Fault(method="GET", status=401)) as cloud:
        outcome = boot(clone, cloud, budget=10)
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)
    assert outcome.targets.count(f"PUT {TOKEN_PATH}") == 2
    assert outcome.seconds < 5


def test_T19_a_service_that_forbids_the_token_is_asked_nothing_more(clone: CloneTree) -> None:
    with ec2(Fault(path=TOKEN_PATH, status=403)) as cloud:
        outcome = boot(clone, cloud, budget=30)
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)
    assert outcome.targets == [f"PUT {TOKEN_PATH}"]
    assert outcome.seconds < 5


@pytest.mark.parametrize("status", [404, 405, 501])
def test_T20_a_service_that_knows_no_tokens_is_asked_without(clone: CloneTree, status: int) -> None:
    with ec2(Fault(path=TOKEN_PATH, status=status)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert is_web(clone, with_password=False)
    assert all(exchange.header(TOKEN_HEADER) is None for exchange in outcome.journal)


NO_TOKENS = {
    "empty": {"body": b""},
    "HTML": {"body": b"<html>no token here</html>"},
    "header injection": {"body": b"token\r\nX-Injected: yes"},
    "two lines": {"body": b"token\nanother-token"},
    "1 MiB": {"body_size": 1 << 20},
}


@pytest.mark.parametrize("answer", NO_TOKENS.values(), ids=NO_TOKENS)
def test_T21_what_is_no_token_is_never_sent(clone: CloneTree, answer: dict[str, Any]) -> None:
    with ec2(Fault(path=TOKEN_PATH, status=200, **answer)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert is_web(clone, with_password=False)
    sent = {name for exchange in outcome.journal if exchange.method == "GET" for name, _ in exchange.fields}
    assert sent == {"Host", "User-Agent", "Accept-Encoding"}


class Elsewhere:
    """A server with answers for everybody who lets himself be sent to it."""

    def answer(self, request: Request) -> Response:
        """A password, a name, a token: whatever was wanted."""
        return Response(200, b"sent-elsewhere", headers=(("Content-Type", "text/plain"),))


TARGETS = {
    "another host": "{other}/latest/meta-data/instance-id",
    "https": "https://127.0.0.81/",
    "file": "file:///etc/passwd",
    "itself": "/latest/meta-data/instance-id",
    "no host": "//",
}


@both
@pytest.mark.parametrize("status", [301, 302, 307])
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_T22_a_redirect_is_never_followed(make: MakeCloud, clone: CloneTree, target: str, status: int) -> None:
    with ExitStack() as stack:
        service = Elsewhere()
        other = stack.enter_context(Simulator({("127.0.0.81", 0): service}))
        location = target.format(other=other.url_of(service))
        # The answer to the token and to the password is a redirect as well: neither header may go to the other host.
        cloud = stack.enter_context(make(Fault(status=status, headers=(("Location", location),))))
        outcome = boot(clone, cloud, again=False)
        assert len(other.journal) == 0
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)
    assert "redirects are not followed" in "\n".join(outcome.answers.values())
    assert len(outcome.journal) <= 4


PORTAL = b"<!DOCTYPE html><html><head><title>Hotel Wi-Fi</title></head><body>Please log in</body></html>"


@both
@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/octet-stream"])
def test_T23_a_captive_portal_is_no_platform(make: MakeCloud, clone: CloneTree, kind: str) -> None:
    refused(make, clone, Fault(status=200, body=PORTAL, headers=(("Content-Type", kind),)), why="HTML")


ERROR = b'{"error": {"code": 404, "message": "no such instance"}}'


@both
@pytest.mark.parametrize("path", [NAME, KEYS])
def test_T24_an_error_in_json_costs_one_item(make: MakeCloud, clone: CloneTree, path: str) -> None:
    with make(Fault(path=path, status=200, body=ERROR)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert (clone.read("/etc/hostname") == "localhost\n") is (path == NAME)
    assert (clone.entry("/root/.ssh") is None) is (path == KEYS)
    assert len(outcome.facts["remarks"]) == 1


@both
def test_T24_an_error_in_json_is_no_instance_and_no_password(make: MakeCloud, clone: CloneTree) -> None:
    refused(make, clone, Fault(status=200, body=ERROR), why="a JSON document where text was expected")
