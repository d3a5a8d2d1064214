"""The EC2 metadata service: trees, listings, tokens of both versions, and what absence looks like."""

from __future__ import annotations

import json

import pytest

from guestseal.simulate.ec2 import MetadataService, Tokens
from guestseal.simulate.instance import Instance

WEB = Instance(
    instance_id="i-0123456789abcdef0",
    hostname="ip-10-0-0-1.example.internal",
    ssh_keys=("ssh-ed25519 AAAA one", "ssh-rsa BBBB two"),
    user_data=b"\x1f\x8b\x00raw",
    local_ipv4="10.0.0.1",
    extra={"placement/region": "ap-northeast-2", "/dynamic/fws/mode": "on"},
)
BARE = Instance(instance_id="i-bare")
TTL = "X-aws-ec2-metadata-token-ttl-seconds"
TOKEN = "X-aws-ec2-metadata-token"


class Clock:
    """Seconds that pass when told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def serve(simulate, fetch):
    """A metadata service for WEB at 127.0.0.2 and BARE at 127.0.0.3; returns a way to ask it."""

    def start(**options):
        service = MetadataService({"127.0.0.2": WEB, "127.0.0.3": BARE}, **options)
        address = simulate({("127.0.0.1", 0): service}).address_of(service)

        def ask(target, headers=None, *, method="GET", source="127.0.0.2"):
            return fetch(address, target, headers, method=method, source=source)

        ask.service = service
        return ask

    return start


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/latest/", b"dynamic/\nmeta-data/\nuser-data"),
        ("/latest/meta-data/instance-id", b"i-0123456789abcdef0"),
        ("/2009-04-04/meta-data/instance-id", b"i-0123456789abcdef0"),
        ("/2021-03-23/meta-data/local-hostname", b"ip-10-0-0-1.example.internal"),
        ("/latest/meta-data/hostname", b"ip-10-0-0-1.example.internal"),
        ("/latest/meta-data/local-ipv4", b"10.0.0.1"),
        ("/latest/meta-data/public-keys/", b"0=key-0\n1=key-1"),
        ("/latest/meta-data/public-keys/0/", b"openssh-key"),
        ("/latest/meta-data/public-keys/1/openssh-key", b"ssh-rsa BBBB two\n"),
        ("/latest/meta-data/placement/", b"region"),
        ("/latest/user-data", b"\x1f\x8b\x00raw"),
        ("/latest/dynamic/fws/mode", b"on"),
        (
            "/latest/meta-data/",
            b"hostname\ninstance-id\nlocal-hostname\nlocal-ipv4\nplacement/\npublic-keys/",
        ),
        ("/latest/meta-data", b"hostname\ninstance-id\nlocal-hostname\nlocal-ipv4\nplacement/\npublic-keys/"),
    ],
)
def test_tree(serve, target, body):
    answer = serve()(target)
    assert (answer.status, answer.body) == (200, body)
    assert answer.headers["Content-Length"] == str(len(body))
    assert answer.headers["Server"] == "EC2ws"


def test_root_lists_the_versions_with_latest_last(serve):
    ask = serve(versions=("2009-04-04", "latest"))
    assert ask("/").lines == ["2009-04-04", "latest"]
    assert ask("/2021-03-23/meta-data/instance-id").status == 404


def test_identity_document(serve):
    document = json.loads(serve()("/latest/dynamic/instance-identity/document").body)
    assert document["instanceId"] == WEB.instance_id
    assert document["privateIp"] == "10.0.0.1"
    assert document["region"] == "ap-northeast-2"


@pytest.mark.parametrize(
    "item", ["user-data", "meta-data/public-keys/", "meta-data/hostname", "meta-data/nonsense", "x"]
)
def test_what_is_not_said_is_an_html_404(serve, item):
    answer = serve()(f"/latest/{item}", source="127.0.0.3")
    assert answer.status == 404
    assert answer.headers.get_content_type() == "text/html"
    assert b"<html>" in answer.body


def test_an_address_without_an_instance_gets_404_for_everything(serve):
    ask = serve()
    assert ask("/latest/meta-data/instance-id", source="127.0.0.9").status == 404
    assert ask("/latest/api/token", {TTL: "60"}, method="PUT", source="127.0.0.9").status == 404


def test_everybody_is_the_fallback(simulate, fetch):
    service = MetadataService({"*": BARE, "127.0.0.2": WEB})
    address = simulate({("127.0.0.1", 0): service}).address_of(service)
    assert fetch(address, "/latest/meta-data/instance-id", source="127.0.0.5").body == b"i-bare"
    assert fetch(address, "/latest/meta-data/instance-id", source="127.0.0.2").body == WEB.instance_id.encode()


def test_more_than_ten_keys_are_listed_by_number(simulate, fetch):
    service = MetadataService({"*": Instance("i", ssh_keys=tuple(f"ssh-rsa {n}" for n in range(12)))})
    address = simulate({("127.0.0.1", 0): service}).address_of(service)
    assert fetch(address, "/latest/meta-data/public-keys/").lines[-2:] == ["10=key-10", "11=key-11"]


def test_an_instance_can_change(serve):
    ask = serve()
    ask.service.clones.put("127.0.0.2", BARE)
    assert ask("/latest/meta-data/instance-id").body == b"i-bare"
    ask.service.clones.remove("127.0.0.2")
    assert ask("/latest/meta-data/instance-id").status == 404


@pytest.mark.parametrize("mode", [Tokens.OPTIONAL, Tokens.REQUIRED])
def test_token_opens_the_tree(serve, mode):
    ask = serve(token=mode)
    issued = ask("/latest/api/token", {TTL: "21600"}, method="PUT")
    assert (issued.status, issued.headers[TTL]) == (200, "21600")
    answer = ask("/latest/meta-data/instance-id", {TOKEN: issued.body.decode()})
    assert (answer.status, answer.body) == (200, WEB.instance_id.encode())


@pytest.mark.parametrize(("mode", "status"), [("optional", 200), ("required", 401), ("absent", 200)])
def test_request_without_a_token(serve, mode, status):
    answer = serve(token=mode)("/latest/meta-data/instance-id")
    assert answer.status == status
    assert (b"<html>" in answer.body) == (status == 401)


@pytest.mark.parametrize(("mode", "status"), [("optional", 401), ("required", 401), ("absent", 200)])
def test_request_with_a_wrong_token(serve, mode, status):
    assert serve(token=mode)("/latest/meta-data/instance-id", {TOKEN: "made-up"}).status == status


@pytest.mark.parametrize("ttl", ["0", "21601", "-1", "sixty", "", "999999", None])
def test_token_lifetime_must_be_from_1_to_21600(serve, ttl):
    answer = serve()("/latest/api/token", {} if ttl is None else {TTL: ttl}, method="PUT")
    assert answer.status == 400
    assert b"<html>" in answer.body


def test_token_expires(serve):
    clock = Clock()
    ask = serve(token="required", clock=clock)
    token = ask("/latest/api/token", {TTL: "60"}, method="PUT").body.decode()
    clock.now += 59
    assert ask("/latest/meta-data/instance-id", {TOKEN: token}).status == 200
    clock.now += 1
    assert ask("/latest/meta-data/instance-id", {TOKEN: token}).status == 401


def test_token_belongs_to_its_instance_and_can_be_revoked(serve):
    ask = serve(token="required")
    token = ask("/latest/api/token", {TTL: "60"}, method="PUT").body.decode()
    assert ask("/latest/meta-data/instance-id", {TOKEN: token}, source="127.0.0.3").status == 401
    ask.service.revoke_tokens()
    assert ask("/latest/meta-data/instance-id", {TOKEN: token}).status == 401


def test_token_path_without_tokens_is_novas_404(serve):
    answer = serve(token="absent")("/latest/api/token", {TTL: "60"}, method="PUT")
    assert answer.status == 404
    assert answer.headers.get_content_type() == "text/html"


def test_token_is_not_for_get_and_not_through_a_proxy(serve):
    ask = serve()
    got = ask("/latest/api/token")
    assert (got.status, got.body, got.headers["Allow"]) == (405, b"", "OPTIONS, PUT")
    assert ask("/latest/api/token", {TTL: "60", "X-Forwarded-For": "10.0.0.1"}, method="PUT").status == 403


def test_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="sometimes"):
        MetadataService({}, token="sometimes")
