"""The simulated services of single clouds: which headers they want, what they refuse, and where their items lie."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from guestseal.simulate import documents, hetzner
from guestseal.simulate.azure import Azure, InstanceMetadata
from guestseal.simulate.gce import MetadataServer
from guestseal.simulate.instance import Instance
from guestseal.simulate.openstack import OpenStackService
from guestseal.simulate.service import Request

KEY = "ssh-ed25519 AAAA one"
WEB = Instance("42", "web", (KEY,), "secret", b"#!/bin/sh\n", "10.0.0.1")
BARE = Instance("43")
AZURE = {"Metadata": "true"}
GOOGLE = {"Metadata-Flavor": "Google"}
SERVICES = {
    "azure": (InstanceMetadata, "/metadata/instance?api-version=2021-02-01", AZURE),
    "digitalocean": (documents.digitalocean, "/metadata/v1.json", {}),
    "gce": (MetadataServer, "/computeMetadata/v1/instance/?recursive=true", GOOGLE),
    "hetzner": (hetzner.MetadataService, "/hetzner/v1/metadata", {}),
    "openstack": (OpenStackService, "/openstack/latest/meta_data.json", {}),
    "vultr": (documents.vultr, "/v1.json", {}),
}


@pytest.fixture
def serve(simulate, fetch):
    """A service for WEB at 127.0.0.2 and BARE at 127.0.0.3; returns a way to ask it."""

    def start(make, **options):
        service = make({"127.0.0.2": WEB, "127.0.0.3": BARE}, **options)
        address = simulate({("127.0.0.1", 0): service}).address_of(service)

        def ask(target, headers=None, *, method="GET", source="127.0.0.2"):
            return fetch(address, target, headers, method=method, source=source)

        return ask

    return start


@pytest.mark.parametrize("name", SERVICES)
def test_it_knows_clones_by_their_address(serve, name):
    make, target, headers = SERVICES[name]
    ask = serve(make)
    told = {source: ask(target, headers, source=source) for source in ("127.0.0.2", "127.0.0.3", "127.0.0.4")}
    assert [answer.status for answer in told.values()] == [200, 200, 404]
    assert b"web" in told["127.0.0.2"].body
    assert b"web" not in told["127.0.0.3"].body and b"43" in told["127.0.0.3"].body


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_not_there_is_404_and_what_is_no_question_405(serve, name):
    make, target, headers = SERVICES[name]
    ask = serve(make)
    assert ask("/latest/meta-data/instance-id", headers).status == 404
    assert ask(target, headers, method="DELETE").status == 405


def test_azure_wants_its_header_and_no_proxy(serve):
    ask = serve(InstanceMetadata)
    target = SERVICES["azure"][1]
    for headers in ({}, {"Metadata": "false"}, {**AZURE, "X-Forwarded-For": "10.0.0.9"}):
        assert ask(target, headers).status == 400
    assert ask(target, {"Metadata": "True"}).headers["Content-Type"] == "application/json; charset=utf-8"


def test_azure_names_its_newest_versions_where_one_is_unknown(serve):
    ask = serve(InstanceMetadata, versions=("2019-06-01", "2020-07-15"))
    for target in ("/metadata/instance", "/metadata/instance?api-version=2021-02-01"):
        answer = ask(target, AZURE)
        assert answer.status == 400
        assert json.loads(answer.body)["newest-versions"] == ["2020-07-15", "2019-06-01"]


@pytest.mark.parametrize(
    ("version", "present"),
    [("2019-06-01", set()), ("2020-07-15", {"osProfile"}), ("2021-02-01", {"osProfile", "userData"})],
)
def test_azures_items_appear_with_their_versions(serve, version, present):
    compute = json.loads(serve(InstanceMetadata)(f"/metadata/instance?api-version={version}", AZURE).body)["compute"]
    assert {"osProfile", "userData"} & set(compute) == present
    assert compute["publicKeys"][0]["keyData"] == KEY


WIRE = {"x-ms-version": "2012-11-30"}
GOAL_STATE, HEALTH = "/machine/?comp=goalstate", "/machine?comp=health"


def test_azures_wire_server_names_each_machine_and_wants_its_version(serve):
    ask = serve(Azure)
    told = {source: ask(GOAL_STATE, WIRE, source=source) for source in ("127.0.0.2", "127.0.0.3", "127.0.0.4")}
    assert [answer.status for answer in told.values()] == [200, 200, 404]
    named = {source: ElementTree.fromstring(told[source].body) for source in ("127.0.0.2", "127.0.0.3")}
    assert len({document.findtext("Container/ContainerId") for document in named.values()}) == 2
    assert named["127.0.0.2"].findtext("Container/RoleInstanceList/RoleInstance/InstanceId").endswith("._web")
    assert [ask(GOAL_STATE, headers).status for headers in ({}, {"x-ms-version": "2010-12-15"})] == [400, 400]
    assert ask(GOAL_STATE, WIRE, method="POST").status == ask(HEALTH, WIRE).status == 405
    assert ask("/machine?comp=telemetrydata", WIRE).status == 404
    assert ask(SERVICES["azure"][1], AZURE).status == 200


def test_azures_wire_server_takes_a_report_about_the_machine_that_makes_it():
    service = Azure({"127.0.0.2": WEB, "127.0.0.3": BARE})
    goal = ElementTree.fromstring(service.answer(_request("GET", GOAL_STATE)).body)
    names = [goal.findtext(path) for path in ("Incarnation", "Container/ContainerId")]
    names.append(goal.findtext("Container/RoleInstanceList/RoleInstance/InstanceId"))
    good = _health(*names, "Ready")
    spoiled = [
        _health("2", *names[1:], "Ready"),
        _health(*names, "Fine"),
        _health(names[0], "x", names[2], "Ready"),
        b"",
    ]
    assert [service.answer(_request("POST", HEALTH, body)).status for body in spoiled] == [400] * 4
    assert service.answer(replace(_request("POST", HEALTH, good), source="127.0.0.3")).status == 400
    assert service.wire_server.states == []
    assert service.answer(_request("POST", HEALTH, good)).status == 200
    assert service.wire_server.states == [("42", "Ready")]


def _request(method, target, body=b""):
    fields = (*WIRE.items(), ("Content-Type", "text/xml;charset=utf-8"))
    return Request("127.0.0.2", 40000, ("127.0.0.1", 80), method, target, fields, body)


def _health(incarnation, container, instance, state):
    said = f"<GoalStateIncarnation>{incarnation}</GoalStateIncarnation><ContainerId>{container}</ContainerId>"
    return f"<Health>{said}<InstanceId>{instance}</InstanceId><State>{state}</State></Health>".encode()


def test_googles_server_wants_its_flavor_and_says_it_in_every_answer(serve):
    ask = serve(MetadataServer)
    target = SERVICES["gce"][1]
    refused = [ask(target), ask(target, {"Metadata-Flavor": "x"}), ask(target, {**GOOGLE, "X-Forwarded-For": "::1"})]
    assert [answer.status for answer in refused] == [403] * 3
    assert all(answer.headers["Metadata-Flavor"] == "Google" for answer in (*refused, ask(target, GOOGLE)))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("instance/id", b"42"),
        ("instance/hostname", b"web.us-central1-a.c.my-project.internal"),
        ("instance/attributes/", b"ssh-keys\nuser-data\n"),
        ("instance/attributes/ssh-keys", f"root:{KEY}".encode()),
        ("project/", b"attributes/\nnumericProjectId\nprojectId\n"),
        ("project/attributes/?recursive=true&alt=json", b"{}"),
    ],
)
def test_googles_tree(serve, path, body):
    answer = serve(MetadataServer)(f"/computeMetadata/v1/{path}", GOOGLE)
    assert (answer.status, answer.body) == (200, body)


def test_googles_attributes_may_be_the_projects(serve):
    def make(_):
        keys = {"project/attributes/ssh-keys": f"a:{KEY}", "instance/attributes/x": "y"}
        return MetadataServer({"*": Instance("1", extra=keys)})

    ask = serve(make)
    assert ask("/computeMetadata/v1/project/attributes/ssh-keys", GOOGLE).body == f"a:{KEY}".encode()
    assert ask("/computeMetadata/v1/instance/attributes/x", GOOGLE).body == b"y"


def test_hetzners_items_and_the_document_of_all(serve):
    ask = serve(hetzner.MetadataService)
    assert ask("/hetzner/v1/metadata/instance-id").body == b"42"
    assert json.loads(ask("/hetzner/v1/metadata/public-keys").body) == [KEY]
    lines = ask("/hetzner/v1/metadata").lines
    assert {"hostname: web", "instance-id: 42", "local-ipv4: ''", "public-keys:", f"- {KEY}"} <= set(lines)
    assert ask("/hetzner/v1/userdata").body == b"#!/bin/sh\n"
    assert "public-keys: []" in ask("/hetzner/v1/metadata", source="127.0.0.3").lines


def test_hetzner_has_no_content_where_there_is_no_user_data(serve):
    answer = serve(hetzner.MetadataService)("/hetzner/v1/userdata", source="127.0.0.3")
    assert (answer.status, answer.body) == (204, b"")


def test_openstacks_versions_and_files(serve):
    ask = serve(OpenStackService)
    assert ask("/openstack").lines == ask("/openstack/").lines
    assert ask("/openstack").lines[-2:] == ["2018-08-27", "latest"]
    assert ask("/openstack/2012-08-10").lines == ["meta_data.json", "user_data", "vendor_data.json"]
    assert "network_data.json" in ask("/openstack/latest").lines
    assert ask("/openstack/2012-08-10/network_data.json").status == 404
    assert ask("/openstack/2031-01-01/meta_data.json").status == 404
    assert ask("/openstack/latest/user_data", source="127.0.0.3").status == 404
    document = json.loads(ask("/openstack/latest/meta_data.json").body)
    assert (document["uuid"], document["admin_pass"], document["public_keys"]) == ("42", "secret", {"key-0": KEY})


def test_vultr_tells_user_data_to_those_who_ask_as_cloud_init(serve):
    ask = serve(documents.vultr)
    assert "user-data" not in json.loads(ask("/v1.json").body)
    assert json.loads(ask("/v1.json", {"Metadata-Token": "cloudinit"}).body)["user-data"] == "#!/bin/sh\n"
    assert json.loads(ask("/v1.json", {"Metadata-Token": "cloudinit"}, source="127.0.0.3").body)["user-data"] == []


def test_a_droplets_id_is_a_number(serve):
    assert json.loads(serve(documents.digitalocean)("/metadata/v1.json").body)["droplet_id"] == 42
