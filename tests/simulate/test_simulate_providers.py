"""The simulated services of Akamai, Alibaba, Exoscale, Oracle, Scaleway, Tencent and UpCloud: what each wants told."""

from __future__ import annotations

import base64
import http.client
import json
import os
from contextlib import closing, suppress

import pytest

from guestseal.simulate import akamai, alibaba, oracle, scaleway, tencent
from guestseal.simulate.exoscale import Exoscale
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request
from guestseal.simulate.upcloud import upcloud

KEY = "ssh-ed25519 AAAA one"
WEB = Instance("42", "web", (KEY,), "secret", b"#!/bin/sh\n", "10.0.0.1")
BARE = Instance("43")
ORACLE = {"Authorization": "Bearer Oracle"}
TOKENS = {
    akamai.MetadataService: ("/v1/token", akamai.LIFE_HEADER, akamai.TOKEN_HEADER, "/v1/instance"),
    alibaba.MetadataService: (
        "/latest/api/token",
        "X-aliyun-ecs-metadata-token-ttl-seconds",
        "X-aliyun-ecs-metadata-token",
        "/latest/meta-data/instance-id",
    ),
}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def serve(simulate, fetch):
    """A service for WEB at 127.0.0.2 and BARE at 127.0.0.3; returns a way to ask it."""

    def start(make, **options):
        service = make({"127.0.0.2": WEB, "127.0.0.3": BARE}, **options)
        address = simulate({("127.0.0.1", 0): service}).address_of(service)

        def ask(target, headers=None, *, method="GET", source="127.0.0.2"):
            return fetch(address, target, headers, method=method, source=source)

        ask.service = service
        return ask

    return start


@pytest.mark.parametrize(
    ("make", "target", "headers"),
    [
        (alibaba.MetadataService, "/2016-01-01/meta-data/instance-id", {}),
        (tencent.MetadataService, "/2017-09-19/meta-data/instance-id", {}),
        (lambda instances: Exoscale(instances).metadata, "/1.0/meta-data/instance-id", {}),
        (oracle.MetadataService, "/opc/v2/instance/", ORACLE),
        (scaleway.MetadataService, "/conf?format=json", {}),
        (upcloud, "/metadata/v1.json", {}),
    ],
    ids=["alibaba", "tencent", "exoscale", "oracle", "scaleway", "upcloud"],
)
def test_it_knows_clones_by_their_address(serve, make, target, headers):
    ask = serve(make)
    told = [ask(target, headers, source=f"127.0.0.{last}") for last in (2, 3, 4)]
    assert [answer.status for answer in told] == [200, 200, 404]
    assert b"42" in told[0].body and b"43" in told[1].body
    assert ask("/nothing", headers).status == 404
    assert ask(target, headers, method="DELETE").status in (404, 405)


@pytest.mark.parametrize("make", TOKENS, ids=["akamai", "alibaba"])
def test_a_token_has_a_life_and_an_owner(serve, make):
    path, life, header, item = TOKENS[make]
    clock = Clock()
    ask = serve(make, clock=clock)
    assert [ask(path, {life: wanted}, method="PUT").status for wanted in ("0", "-1", "long", "999999")] == [400] * 4
    assert ask(path, method="PUT").status == 400
    assert ask(path).status == 405
    token = ask(path, {life: "60"}, method="PUT").body.decode()
    assert b"42" in ask(item, {header: token}).body
    assert ask(item, {header: token}, source="127.0.0.3").status == 401
    assert ask(item, {header: "made-up"}).status == 401
    clock.now += 60
    assert ask(item, {header: token}).status == 401
    token = ask(path, {life: "60"}, method="PUT").body.decode()
    ask.service.revoke_tokens()
    assert ask(item, {header: token}).status == 401


def test_akamai_tells_nothing_without_a_token_and_json_to_those_who_want_it(serve):
    ask = serve(akamai.MetadataService)
    assert ask("/v1/instance").status == 401
    assert json.loads(ask("/v1/instance").body) == {"errors": [{"reason": "Invalid token"}]}
    token = ask("/v1/token", {akamai.LIFE_HEADER: "60"}, method="PUT").body.decode()
    headers = {akamai.TOKEN_HEADER: token}
    plain = ask("/v1/instance", headers)
    assert {"id: 42", "label: web", "specs.vcpus: 1"} <= set(plain.lines)
    assert ask("/v1/ssh-keys", headers).lines == [f"users.root: {KEY}"]
    headers["Accept"] = "application/json"
    assert json.loads(ask("/v1/instance", headers).body)["id"] == 42
    assert json.loads(ask("/v1/ssh-keys", headers).body) == {"users": {"root": [KEY]}}
    assert base64.b64decode(ask("/v1/user-data", headers).body) == WEB.user_data
    assert ask("/v1/token", {akamai.LIFE_HEADER: "60"}, method="PUT", source="127.0.0.4").status == 404


def test_alibaba_lists_every_key_twice_and_by_name(serve):
    ask = serve(alibaba.MetadataService)
    assert ask("/2016-01-01/meta-data/public-keys/").lines == ["0/", "key-pair-0/"]
    assert ask("/latest/meta-data/public-keys/key-pair-0/openssh-key").body == f"{KEY}\n".encode()
    assert ask("/latest/user-data").body == WEB.user_data
    assert ask("/latest/meta-data/public-keys/", source="127.0.0.3").status == 404


def test_tencent_has_a_form_without_a_version(serve):
    ask = serve(tencent.MetadataService)
    assert ask("/").lines == ["1.0", "2017-09-19", "latest", "meta-data"]
    assert ask("/meta-data/instance-id").body == ask("/1.0/meta-data/instance-id").body == b"42"
    assert ask("/latest/meta-data/public-keys/").lines == ["0=key-0"]
    assert ask("/latest/api/token", method="PUT").status == 404


def test_exoscale_has_one_file_of_keys_and_a_password_server(simulate, fetch):
    both = Exoscale({"*": WEB})
    simulator = simulate(both.listeners("127.0.0.1", http_port=0, password_port=0))
    tree, passwords = (simulator.address_of(service) for service in (both.metadata, both.password_server))
    assert fetch(tree, "/1.0/meta-data/public-keys").body == KEY.encode()
    assert "public-keys" in fetch(tree, "/1.0/meta-data/").lines
    assert fetch(tree, "/1.0/user-data").body == WEB.user_data
    assert fetch(passwords, "/1.0/", {"DomU_Request": "send_my_password"}).body == b"secret"
    assert fetch(passwords, "/1.0/", {"DomU_Request": "saved_password"}).body == b"saved_password"
    assert not both.password_server.pending("127.0.0.1")


@pytest.mark.parametrize(("versions", "statuses"), [((1, 2), (200, 200)), ((2,), (404, 200)), ((1,), (200, 404))])
def test_oracle_has_two_versions_that_may_be_off(serve, versions, statuses):
    ask = serve(oracle.MetadataService, versions=versions)
    assert (ask("/opc/v1/instance/").status, ask("/opc/v2/instance/", ORACLE).status) == statuses


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer me"}, {**ORACLE, "X-Forwarded-For": "10.0.0.1"}])
def test_oracle_refuses_who_does_not_say_who_they_are(serve, headers):
    assert serve(oracle.MetadataService)("/opc/v2/instance/", headers).status == 403


def test_oracle_keeps_the_owners_part_apart(serve):
    document = json.loads(serve(oracle.MetadataService)("/opc/v2/instance/", ORACLE).body)
    assert document["metadata"] == {"ssh_authorized_keys": KEY, "user_data": "IyEvYmluL3NoCg=="}


@pytest.mark.parametrize(("port", "status"), [(1, 200), (1023, 200), (1024, 403), (40000, 403)])
def test_scaleway_tells_user_data_to_privileged_ports(port, status):
    service = scaleway.MetadataService({"*": WEB})
    request = Request("127.0.0.1", port, ("127.0.0.1", 80), "GET", "/user_data/cloud-init")
    assert service.answer(request).status == status


@pytest.mark.skipif(os.geteuid() != 0, reason="ports below 1024 are root's")
def test_scaleway_sees_the_port_on_the_wire(simulate):
    service = scaleway.MetadataService({"*": WEB})
    host, port = simulate({("127.0.0.1", 0): service}).address_of(service)
    with closing(from_a_privileged_port(host, port)) as connection:
        connection.request("GET", "/user_data/cloud-init")
        assert connection.getresponse().read() == WEB.user_data


def from_a_privileged_port(host: str, port: int) -> http.client.HTTPConnection:
    """A connection from a port that nobody else on this machine has at the moment."""
    for own in range(1023, 600, -1):
        connection = http.client.HTTPConnection(host, port, timeout=5, source_address=("127.0.0.9", own))
        with suppress(OSError):
            connection.connect()
            return connection
    raise AssertionError("no privileged port is free")


def test_scaleway_has_the_document_in_json_and_tags(serve):
    ask = serve(lambda _: scaleway.MetadataService({"*": Instance("42", extra={"tags": "AUTHORIZED_KEY=a_b"})}))
    document = json.loads(ask("/conf?format=json").body)
    assert (document["id"], document["tags"], document["ssh_public_keys"]) == ("42", ["AUTHORIZED_KEY=a_b"], [])
    assert ask("/conf").status == 404
