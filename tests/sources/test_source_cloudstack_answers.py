"""The virtual router's answers: which one is believed, and what of it."""

from __future__ import annotations

import pytest
from support.machine import soon
from support.platforms import PASSWORD, UUID, WEB
from support.virtual_router import FETCH, NIC, OTHER_UUID, ROUTER, SECOND, endpoint, fetch, source

from guestseal.errors import Malformed, SourceError, Unreachable
from guestseal.firstboot.metadata import Secret
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance


def test_the_machines_own_instance_wins(routers):
    made = routers(**{ROUTER: {"*": Instance(OTHER_UUID, "other", password="theirs")}, SECOND: {"*": WEB}})
    found = fetch(made, ROUTER, SECOND)
    assert (found.instance_id, found.password) == (UUID, Secret(PASSWORD.encode()))
    assert found.password_from == (endpoint(made, SECOND),)
    assert any("another machine's instance-id" in remark for remark in found.remarks)
    assert "theirs" not in "".join(found.remarks)


def test_identity_can_be_required(routers):
    made = routers(**{ROUTER: {"*": Instance(OTHER_UUID, "other", password="theirs")}})
    with pytest.raises(Malformed, match="require-identity-match"):
        fetch(made, require_identity_match=True)
    assert fetch(made).hostname == "other"


def test_a_password_without_metadata_is_not_enough_where_identity_is_required(routers):
    made = routers(Fault(path="/latest/*", status=404))
    with pytest.raises(SourceError):
        fetch(made, require_identity_match=True)
    found = fetch(made)
    assert (found.instance_id, found.password) == (None, Secret(PASSWORD.encode()))


def test_metadata_without_a_password_server(routers):
    made = routers(Fault(header=FETCH, reset=True))
    found = fetch(made)
    assert (found.instance_id, found.password, found.password_from) == (UUID, None, ())


def test_two_passwords_are_the_first_ones_and_a_remark(routers):
    made = routers(**{ROUTER: {"*": WEB}, SECOND: {"*": Instance(UUID, "web", password="another")}})
    found = fetch(made, ROUTER, SECOND)
    assert (found.password, found.password_from) == (Secret(PASSWORD.encode()), (endpoint(made),))
    assert found.remarks == (f"{endpoint(made, SECOND)}: offers another password; not set",)


def test_one_password_of_two_routers_is_acknowledged_to_both(routers):
    made = routers(**{ROUTER: {"*": WEB}, SECOND: {"*": WEB}})
    asked = source(made, ROUTER, SECOND)
    found = asked.fetch(soon())
    assert found.password_from == (endpoint(made), endpoint(made, SECOND))
    asked.confirm(found, soon())
    assert not made.by_host[ROUTER].pending(NIC)
    assert not made.by_host[SECOND].pending(NIC)


# What a password is


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"body": b"saved_password"}, id="P1"),
        pytest.param({"body": b""}, id="P1-empty"),
        pytest.param({"body": b"bad_request"}, id="P2"),
        pytest.param({"body": b"HTTP/1.0 200 OK"}, id="P3"),
        pytest.param({"body": b"x\nroot2:pw"}, id="P5"),
        pytest.param({"body": b"a\x1b[2J"}, id="P9"),
        pytest.param({"body": b"caf\xe9"}, id="P10"),
        pytest.param({"body": b"x" * 4096}, id="P11"),
        pytest.param({"body": b"<html></html>"}, id="P12"),
        pytest.param({"status": 200, "body": PASSWORD.encode(), "content_length": 4}, id="T8"),
        pytest.param({"truncate_after": 4, "reset": True}, id="T6"),
        pytest.param({"status": 403}, id="403"),
    ],
)
def test_what_is_no_password_leaves_the_metadata(routers, fault):
    made = routers(Fault(header=FETCH, **fault))
    found = fetch(made)
    assert (found.instance_id, found.password, found.password_from) == (UUID, None, ())
    assert bool(found.missing) == (fault not in ({"body": b"saved_password"}, {"body": b""}, {"status": 403}))
    assert made.by_host[ROUTER].pending(NIC)


def test_a_password_that_was_cut_off_once_is_read_again(routers):
    made = routers(Fault(header=FETCH, times=1, truncate_after=4))
    assert fetch(made).password == Secret(PASSWORD.encode())


def test_a_password_that_is_another_every_time_is_none(routers):
    cuts = [Fault(header=FETCH, first=number, times=1, truncate_after=number) for number in (1, 2, 3)]
    asked = source(routers(*cuts))
    assert asked.fetch(soon()).password is None
    assert "gives another password every time" in [attempt.answer for attempt in asked.attempts]


# What an item is


@pytest.mark.parametrize("body", [b"", b"\n", b"6a1c\n6a1c"], ids=["empty", "blank", "odd"])
@pytest.mark.parametrize("name", ["instance-id", "local-hostname", "public-keys"])
def test_a_file_that_is_being_written_is_read_again(routers, name, body):
    made = routers(Fault(path=f"/latest/meta-data/{name}", status=200, body=body, times=1))
    found = fetch(made)
    assert (found.instance_id, found.hostname, len(found.ssh_keys)) == (UUID, "web", 2)


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        (Fault(path="*/local-hostname", status=200, body=b"a;reboot"), "hostname"),
        (Fault(path="*/local-hostname", status=200, body=b'{"error": 1}'), "hostname"),
        (Fault(path="*/public-keys", status=200, body=b"<html>"), "ssh_keys"),
        (Fault(path="*/public-keys", status=200, body=b""), "ssh_keys"),
        (Fault(path="*/public-keys", status=200, body=b"ssh-rsa AAAA broken"), "ssh_keys"),
    ],
    ids=["H6", "T24", "T23", "empty", "K4"],
)
def test_a_bad_item_costs_itself_alone(routers, fault, field):
    found = fetch(routers(fault))
    assert getattr(found, field) is None
    assert found.instance_id == UUID
    assert len(found.remarks) == 1


def test_an_item_that_could_not_be_told_is_not_none(routers):
    with pytest.raises(Unreachable):
        fetch(routers(Fault(path="*/public-keys", status=503), Fault(header=FETCH, reset=True)))


# User data


def test_user_data_is_asked_for_only_where_it_is_wanted(routers):
    made = routers()
    assert fetch(made).user_data is None
    assert "/latest/user-data" not in made.simulator.journal.targets()
    assert fetch(made, user_data="keep").user_data == WEB.user_data


def test_no_user_data_is_none(routers):
    found = fetch(routers(**{ROUTER: {"*": Instance(UUID)}}), user_data="run")
    assert (found.instance_id, found.user_data, found.remarks) == (UUID, None, ())


@pytest.mark.parametrize("cut", [0, 4])
def test_user_data_that_is_being_written_is_read_until_it_comes_twice(routers, cut):
    half = Fault(path="/latest/user-data", status=200, body=b"#!/bin/sh\n"[:cut], times=1)
    made = routers(half)
    found = fetch(made, user_data="run")
    assert (found.user_data, found.remarks) == (WEB.user_data, ())
    assert made.simulator.journal.targets().count("/latest/user-data") == 3


def test_a_file_of_user_data_that_stays_empty_is_no_answer(routers):
    found = fetch(routers(Fault(path="*/user-data", status=200, body=b"")), user_data="run")
    assert (found.instance_id, found.user_data, len(found.remarks)) == (UUID, None, 1)


def test_user_data_that_is_other_data_every_time_is_none(routers):
    cuts = [Fault(path="*/user-data", first=at, times=1, status=200, body=b"#!/bin/sh"[:at]) for at in (1, 2, 3)]
    found = fetch(routers(*cuts), user_data="run")
    assert (found.instance_id, found.user_data, len(found.remarks)) == (UUID, None, 1)


@pytest.mark.parametrize(
    "fault", [{"status": 403}, {"status": 302}, {"status": 200, "body": b"\x1f\x8b no gzip"}, {"body_size": 17 << 20}]
)
def test_bad_user_data_costs_itself_and_a_remark(routers, fault):
    found = fetch(routers(Fault(path="/latest/user-data", **fault)), user_data="keep", seconds=10)
    assert (found.instance_id, len(found.ssh_keys), found.user_data) == (UUID, 2, None)
    assert len(found.remarks) == 1 and found.remarks[0].startswith("user data: ")
