"""The virtual router: who is who by address, files that exist or do not, and a password until it is acknowledged."""

from __future__ import annotations

import pytest

from guestseal.simulate.instance import Instance
from guestseal.simulate.router import VirtualRouter

UUID = "6a1c9a8a-0000-4000-8000-000000000002"
WEB = Instance(
    instance_id=UUID,
    hostname="web",
    ssh_keys=("ssh-ed25519 AAAA one", "ssh-rsa BBBB two"),
    password="s3cret = :%",
    user_data=b"#!/bin/sh\n",
    local_ipv4="10.1.1.2",
    extra={"availability-zone": "서울", "cloud-name": "", "fire": "\U0001f525"},
)
BARE = Instance(instance_id="i-2-3-VM")


@pytest.fixture
def router():
    return VirtualRouter({"127.0.0.2": WEB, "127.0.0.3": BARE})


@pytest.fixture
def ask(simulate, fetch, router):
    simulator = simulate(router.listeners("127.0.0.1", http_port=0, password_port=0))

    def get(target, *, source="127.0.0.2", method="GET"):
        return fetch(simulator.address_of(router.metadata), target, method=method, source=source)

    get.simulator = simulator
    return get


@pytest.fixture
def password(ask, fetch, router):
    def send(value, *, name="DomU_Request", source="127.0.0.2", method="GET"):
        headers = {} if value is None else {name: value}
        return fetch(ask.simulator.address_of(router.password_server), "/", headers, method=method, source=source)

    return send


@pytest.mark.parametrize(
    ("item", "body"),
    [
        ("instance-id", UUID),
        ("vm-id", UUID),
        ("local-hostname", "web"),
        ("local-ipv4", "10.1.1.2"),
        ("public-keys", "ssh-ed25519 AAAA one\nssh-rsa BBBB two"),
        ("availability-zone", "\\uC11C\\uC6B8"),
        ("fire", "\\uD83D\\uDD25"),
    ],
)
@pytest.mark.parametrize("form", ["/latest/meta-data/", "/latest/", "/latest/META-data/", "//latest//meta-data//"])
def test_items(ask, form, item, body):
    answer = ask(form + item)
    assert (answer.status, answer.body.decode()) == (200, body)


def test_listing_has_what_exists_and_nothing_else(ask):
    everything = ["local-ipv4", "local-hostname", "instance-id", "vm-id", "public-keys", "availability-zone", "fire"]
    assert ask("/latest/meta-data/").lines == everything
    assert ask("/latest/meta-data/", source="127.0.0.3").lines == ["instance-id", "vm-id"]


def test_user_data(ask):
    assert ask("/latest/user-data").body == b"#!/bin/sh\n"
    assert ask("/latest/user-data", source="127.0.0.3").status == 404


@pytest.mark.parametrize(
    "target",
    [
        "/latest/meta-data",
        "/latest/meta-data/cloud-name",
        "/latest/meta-data/public-keys/",
        "/latest/x",
        "/",
        "/latest/",
    ],
)
def test_missing_is_apaches_404_page(ask, target):
    answer = ask(target)
    assert answer.status == 404
    assert answer.headers.get_content_type() == "text/html"
    assert b"<title>404 Not Found</title>" in answer.body


def test_unknown_address_is_forbidden(ask):
    answer = ask("/latest/meta-data/instance-id", source="127.0.0.9")
    assert answer.status == 403
    assert b"<html>" in answer.body


def test_no_tokens_here(ask):
    assert ask("/latest/api/token", method="PUT").status == 405
    assert ask("/latest/instance-id", method="POST").status == 405
    assert ask("/latest/instance-id", method="HEAD").body == b""


def test_password_until_it_is_acknowledged(password, router):
    assert password("send_my_password").body == b"s3cret = :%"
    assert password("send_my_password").body == b"s3cret = :%"
    assert router.pending("127.0.0.2")
    assert password("saved_password").body == b"saved_password"
    assert not router.pending("127.0.0.2")
    assert password("send_my_password").body == b"saved_password"


def test_reset_makes_another_password_pending(password, router):
    password("saved_password")
    router.set_password("127.0.0.2", "another")
    assert password("send_my_password").body == b"another"


def test_a_new_instance_at_the_address_has_its_own_password(password, router):
    password("saved_password")
    router.clones.put("127.0.0.2", Instance("another-vm", password="its own"))
    assert password("send_my_password").body == b"its own"


def test_password_is_kept_by_address(password, router):
    assert password("send_my_password", source="127.0.0.3").body == b"saved_password"
    password("saved_password", source="127.0.0.3")
    assert router.pending("127.0.0.2")
    assert password("send_my_password", source="127.0.0.9").body == b"saved_password"


@pytest.mark.parametrize(
    ("name", "value"),
    [("DomU_Request", None), ("DomU_Request", "password"), ("DomU-Request", "send_my_password")],
)
def test_anything_else_is_a_bad_request_with_status_200(password, router, name, value):
    answer = password(value, name=name)
    assert (answer.status, answer.body) == (200, b"bad_request")
    assert router.pending("127.0.0.2")


def test_header_name_in_any_case(password):
    assert password("send_my_password", name="domu_request").body == b"s3cret = :%"


def test_head_of_an_answer_is_http_1_0_with_two_servers_and_no_length(ask, router, converse):
    address = ask.simulator.address_of(router.password_server)
    head, _, body = converse(address, b"GET /any HTTP/1.1\r\nDomU_Request: saved_password\r\n\r\n").partition(
        b"\r\n\r\n"
    )
    lines = head.decode().split("\r\n")
    names = [line.partition(":")[0].lower() for line in lines[1:]]
    assert lines[0] == "HTTP/1.0 200 OK"
    assert names == ["server", "date", "content-type", "server"]
    assert body == b"saved_password"


def test_other_methods(password):
    assert (password("save_password", method="POST").status, password(None, method="PUT").status) == (200, 501)


def test_a_password_belongs_to_an_address(router):
    for address in ("*", "not an address"):
        with pytest.raises(ValueError):
            router.set_password(address, "x")
