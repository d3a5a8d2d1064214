"""Which of many answers is believed: by rank, whatever order they come in."""

from __future__ import annotations

import pytest
from support.machine import FakeNetwork, interface, machine, soon
from support.platforms import UUID

from guestseal.errors import Absent, Denied, Malformed, SourceError, Unreachable
from guestseal.firstboot.metadata import Metadata, Secret
from guestseal.firstboot.routers import MOST_WAYS, Router, known_routers, ways_to
from guestseal.firstboot.sources.cloudstack import SOURCE
from guestseal.firstboot.survey import METADATA, PASSWORD, Question, Survey
from guestseal.machine.firmware import Firmware
from guestseal.machine.network import Gateway
from guestseal.settings import Settings

FIRST, SECOND = "10.1.1.1", "10.2.2.1"
NETWORK = FakeNetwork(
    [interface("10.1.1.5", name="eth0", prefix=24), interface("10.2.2.5", name="eth1", prefix=24)],
    gateways=[Gateway(SECOND, "eth1"), Gateway(FIRST, "eth0")],
)
ONE = (FIRST, "eth0")
TWO = (SECOND, "eth1")


def says(instance: str) -> Metadata:
    return Metadata("cloudstack", f"at {instance}", instance)


def survey(answers: dict[tuple[str, tuple[str, str]], object], *, uuid: str | None = None, **options: object) -> Survey:
    """A survey of two routers that answer from their own network as told, and are closed otherwise."""

    def ask(question: Question, _: object) -> object:
        way = (question.endpoint.host, question.endpoint.interface)
        answer = answers.get((question.what, way), Unreachable(str(question), "connection refused"))
        if isinstance(answer, SourceError):
            raise answer
        return answer

    source = SOURCE(machine(network=NETWORK, firmware=Firmware(uuid=uuid)), Settings(**options))
    made = Survey(source, [Router(FIRST, "DHCP"), Router(SECOND, "DHCP")], ask, soon())
    made.run()
    return made


def test_the_default_route_decides_between_two_machines():
    answers = {(METADATA, ONE): says("i-one"), (METADATA, TWO): says("i-two"), (PASSWORD, TWO): None}
    found = survey(answers).chosen()
    assert found.instance_id == "i-two"
    assert found.remarks == ("at i-one: another machine's instance-id; not believed",)


def test_the_machines_own_instance_is_more_than_the_default_route():
    found = survey({(METADATA, ONE): says(UUID.upper()), (METADATA, TWO): says("i-two")}, uuid=UUID).chosen()
    assert found.instance_id == UUID.upper()


def test_two_routers_of_one_machine_agree():
    answers = {(METADATA, ONE): says("i-one"), (METADATA, TWO): says("i-one"), (PASSWORD, TWO): None}
    found = survey(answers).chosen()
    assert (found.instance_id, found.remarks) == ("i-one", ())


def test_a_password_that_could_not_be_asked_for_is_told_of():
    found = survey({(METADATA, ONE): says("i-one")}).chosen()
    assert found.missing == (f"{FIRST}:8080 from 10.1.1.5: no answer about a password: connection refused",)


def test_the_password_of_the_default_route_wins():
    found = survey({(PASSWORD, ONE): Secret(b"one"), (PASSWORD, TWO): Secret(b"two")}).chosen()
    assert found.password == Secret(b"two")
    assert [endpoint.host for endpoint in found.password_from] == [SECOND]
    assert found.passwords_refused == (Secret(b"one"),)
    assert found.remarks == (f"{FIRST}:8080 from 10.1.1.5: offers another password; not set",)


def test_a_password_of_another_machine_is_not_taken():
    answers = {(METADATA, ONE): says("i-one"), (METADATA, TWO): says("i-two"), (PASSWORD, ONE): Secret(b"one")}
    found = survey(answers).chosen()
    assert (found.instance_id, found.password, found.password_from) == ("i-two", None, ())
    assert any("not set" in remark for remark in found.remarks)


def test_a_password_counts_only_from_a_proven_router_where_that_is_required():
    answers = {(METADATA, ONE): says(UUID), (PASSWORD, ONE): Secret(b"one"), (PASSWORD, TWO): Secret(b"two")}
    assert survey(answers, uuid=UUID).chosen().password == Secret(b"two")
    assert survey(answers, uuid=UUID, require_identity_match=True).chosen().password == Secret(b"one")
    with pytest.raises(Malformed, match="require-identity-match"):
        survey(answers, require_identity_match=True).chosen()


def test_no_password_waiting_is_no_metadata():
    with pytest.raises(Unreachable):
        survey({(PASSWORD, ONE): None, (PASSWORD, TWO): None}).chosen()


def test_somebody_who_may_yet_answer_is_worth_asking_again():
    refusals = {(METADATA, ONE): Absent("a", "b"), (METADATA, TWO): Denied("a", "b")}
    across = {(METADATA, (FIRST, "eth1")): Absent("a", "b"), (METADATA, (SECOND, "eth0")): Malformed("a", "b")}
    with pytest.raises(Unreachable):
        survey(refusals).chosen()
    with pytest.raises(Denied):
        survey({**refusals, **across}).chosen()


def test_every_way_is_told_of():
    made = survey({(METADATA, ONE): says("i-one"), (PASSWORD, ONE): None})
    told = {attempt.address: attempt.answer for attempt in made.attempts}
    assert len(told) == 8
    assert told[f"{FIRST}:80 from 10.1.1.5 (metadata)"] == "answered"
    assert told[f"{FIRST}:8080 from 10.1.1.5 (password)"] == "no password is waiting"
    assert told[f"{SECOND}:80 from 10.1.1.5 (metadata)"] == "connection refused"


def test_candidates_are_asked_in_the_order_of_trust(tmp_path):
    leases = tmp_path / "run/systemd/netif/leases"
    leases.mkdir(parents=True)
    (leases / "2").write_text("ADDRESS=10.1.1.5\nSERVER_ADDRESS=10.1.1.2\n")
    settings = Settings(routers=(FIRST, "router.test"))
    asking = machine(network=NETWORK)
    asking.root_directory = str(tmp_path)
    hosts = [router.host for router in known_routers(asking, settings)]
    assert hosts == [FIRST, "router.test", "10.1.1.2", SECOND, "data-server."]


@pytest.mark.parametrize(
    ("router", "ways"),
    [
        (Router("10.1.1.1", "DHCP"), ["10.2.2.5", "10.1.1.5"]),
        (Router("192.168.7.7", "name"), ["10.2.2.5", "10.1.1.5"]),
        (Router("8.8.8.8", "name"), []),
        (Router("8.8.8.8", "configured", configured=True), ["10.2.2.5", "10.1.1.5"]),
        (Router("::1", "name"), []),
        (Router("data-server.", "name"), []),
    ],
    ids=["on-link", "private", "T29", "configured", "other family", "name"],
)
def test_a_way_leads_from_every_address_the_default_route_first(router, ways):
    assert [way.source_address for way in ways_to(router, NETWORK.interfaces(), "eth1")] == ways


def test_a_public_network_of_our_own_is_near():
    public = [interface("8.8.4.4", name="eth0", prefix=8)]
    assert [way.interface for way in ways_to(Router("8.8.8.8", "DHCP"), public, None)] == ["eth0"]


def test_ways_are_bounded():
    asked: list[Question] = []

    def ask(question: Question, _: object) -> None:
        asked.append(question)

    source = SOURCE(machine(network=NETWORK), Settings())
    Survey(source, [Router(f"10.9.{high}.{low}", "DHCP") for high in range(9) for low in range(200)], ask, soon()).run()
    assert len(asked) == 2 * MOST_WAYS
