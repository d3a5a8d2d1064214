"""The gates: what a platform may say, and what nobody may say for it."""

from __future__ import annotations

import pytest

from guestseal.errors import Malformed
from guestseal.firstboot.metadata import Secret
from guestseal.firstboot.validation import hostname, instance_id, item, password
from guestseal.machine.firmware import same_machine, swapped

WHERE = "10.1.1.1:80"
HTML = b"<!DOCTYPE html>\n<html><body>login</body></html>"
JSON = b'{"error": "not found"}'


def case(fault: str, *values: object) -> object:
    return pytest.param(*values, id=fault)


@pytest.mark.parametrize(
    "body", [b"i-0abc", b"6A1C9A8A-0000-4000-8000-000000000002\n", b"i-2-3-VM", b" x ", b"a" * 128]
)
def test_an_instance_id_is_taken(body):
    assert instance_id(WHERE, body) == body.decode().strip()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"a b",
        b"a" * 129,
        b"a" * 5000,
        b"a\nb",
        b"a\0",
        b"\xff",
        "\u00e9".encode(),
        b"../etc",
        HTML,
        JSON,
        b"$(id)",
        b"<a>",
        b"HTTP/1.0 200 OK",
        b"[1]",
    ],
)
def test_what_is_no_instance_id(body):
    with pytest.raises(Malformed) as caught:
        instance_id(WHERE, body)
    assert caught.value.address == WHERE


@pytest.mark.parametrize(
    "body", [HTML, b"<xml/>", JSON, b"a\nb", b"\x1b[2J", b"a\xe2\x80\xa8b", b"HTTP/1.1 404 Not Found"]
)
def test_what_is_no_line_of_text(body):
    with pytest.raises(Malformed):
        item(WHERE, body)


UUID = "6a1c9a8a-1122-4033-8000-000000000002"


def test_a_uuid_is_the_same_in_both_byte_orders():
    assert swapped(UUID) == "8a9a1c6a-2211-3340-8000-000000000002"
    assert same_machine(UUID.upper(), UUID)
    assert same_machine(swapped(UUID), UUID)
    assert not same_machine(UUID[:-1] + "3", UUID)
    assert not same_machine("i-0abc", UUID)
    assert not same_machine(UUID, None)
    assert not same_machine(None, UUID)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        case("plain", b"web", "web"),
        case("H3", b"vm1.example.com", "vm1.example.com"),
        case("H4-dot", b"web.", "web"),
        case("H4-case", b"WEB.Example\n", "web.example"),
        case("H4-underscore", b"my_vm", "my-vm"),
        case("H5-unicode", "\uc6f9.example".encode(), "xn--yq5b.example"),
        case("H5-punycode", b"xn--yq5b.example", "xn--yq5b.example"),
        case("H8", b"12345", "12345"),
        case("label of 63", b"a" * 63, "a" * 63),
        case("H2-label-boundary", b"a" * 40 + b"." + b"b" * 30 + b".com", "a" * 40),
        case("H2-64", b"a" * 32 + b"." + b"b" * 31, "a" * 32 + "." + "b" * 31),
        case("H2-253", (b"abcdefghi." * 25)[:-1], ("abcdefghi." * 6)[:-1]),
    ],
)
def test_a_host_name_is_made_regular(body, name):
    found = hostname(WHERE, body)
    assert found.name == name
    assert len(found.name) <= 64
    changed = body.decode().strip().lower().rstrip(".") != name
    assert bool(found.remarks) == changed


@pytest.mark.parametrize(
    "body", [b"", b" \n", b"localhost", b"localhost.localdomain", b"LOCALHOST", b"(none)", b"-", b"none", b"localhost."]
)
def test_a_name_that_names_nobody(body):
    assert hostname(WHERE, body).name is None


@pytest.mark.parametrize(
    "body",
    [
        case("H2-label", b"a" * 64),
        case("H2-total", (b"a." * 127) + b"a"),
        case("H4-dash", b"-web"),
        case("H4-dash-end", b"web-.example"),
        case("H4-dots", b"web..example"),
        case("H4-dot-first", b".web"),
        case("H5-escape", b"\\uC6F9"),
        case("H5-idna", "a\u2028b".encode()),
        case("H6-newline", b"web\nroot"),
        case("H6-semicolon", b"a;reboot"),
        case("H6-substitution", b"$(id)"),
        case("H6-blank", b"a b"),
        case("H6-slash", b"../etc"),
        case("H6-nul", b"a\0b"),
        case("H7", b"10.0.0.1"),
        case("H7-impossible", b"10.0.0.999"),
        case("H7-v6", b"fe80::1"),
        case("T23", HTML),
        case("T24", JSON),
        case("latin-1", b"caf\xe9"),
        case("too long", b"a" * 257),
    ],
)
def test_what_is_no_host_name(body):
    with pytest.raises(Malformed):
        hostname(WHERE, body)


def test_ec2_names_a_machine_by_its_address():
    assert hostname(WHERE, b"10.0.0.1", from_ipv4=True).name == "ip-10-0-0-1"
    with pytest.raises(Malformed):
        hostname(WHERE, b"10.0.0.999", from_ipv4=True)


@pytest.mark.parametrize("body", [b"saved_password", b"saved_password\n", b"", b"\n", b"  ", b" \r\n"])
def test_no_password_is_waiting(body):
    assert password(WHERE, body) is None


@pytest.mark.parametrize(
    ("body", "value"),
    [
        case("P4-lf", b"secret\n", b"secret"),
        case("P4-crlf", b"secret\r\n", b"secret"),
        case("P6", b" a:b=c%d$e`f\"g'h ", b" a:b=c%d$e`f\"g'h "),
        case("P7", b"-n", b"-n"),
        case("P7-help", b"--help", b"--help"),
        case("P7-glob", b"*", b"*"),
        case("P8-hash", b"$6$abc$def", b"$6$abc$def"),
        case("P8-random", b"RANDOM", b"RANDOM"),
        case("P10-hangul", "\ube44\ubc00".encode(), "\ube44\ubc00".encode()),
        case("P11-one", b"x", b"x"),
        case("P11-256", b"x" * 256 + b"\r\n", b"x" * 256),
        case("angle", b"<3", b"<3"),
        case("brace", b"{x}", b"{x}"),
        case("word", b"xsaved_password", b"xsaved_password"),
    ],
)
def test_a_password_is_taken_exactly_as_it_is(body, value):
    assert password(WHERE, body) == Secret(value)


@pytest.mark.parametrize(
    "body",
    [
        case("P2", b"bad_request"),
        case("P2-status-line", b"HTTP/1.0 400 Bad Request\r\nServer: x\r\n\r\nbad_request"),
        case("P3", b"HTTP/1.0 200 OK"),
        case("P4-two", b"secret\n\n"),
        case("P5", b"x\nroot2:pw"),
        case("P5-cr", b"x\rroot2:pw"),
        case("P5-separator", "x\u2028y".encode()),
        case("P9-nul", b"a\0b"),
        case("P9-del", b"a\x7fb"),
        case("P9-escape", b"\x1b[2J"),
        case("P9-tab", b"a\tb"),
        case("P9-c1", "a\u0085b".encode()),
        case("P10", b"caf\xe9"),
        case("P11-257", b"x" * 257),
        case("P11-4096", b"x" * 4096),
        case("P12", HTML),
        case("P12-case", b"  <HTML>"),
        case("T24", JSON),
    ],
)
def test_what_is_no_password(body):
    with pytest.raises(Malformed):
        password(WHERE, body)


@pytest.mark.parametrize("check", [instance_id, hostname, password, item])
def test_no_error_quotes_what_was_received(check):
    for body in (
        b"hunter2 \x1b[2J",
        b"hunter2\nhunter2",
        b"<html>hunter2",
        b'{"e": "hunter2"}',
        b"hunter2" * 1000,
        b"hunter2\xff",
    ):
        with pytest.raises(Malformed) as caught:
            check(WHERE, body)
        assert "hunter2" not in repr(caught.value) + str(caught.value)
