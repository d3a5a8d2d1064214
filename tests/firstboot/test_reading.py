"""Values out of foreign documents: typed, and each of them its own risk."""

from __future__ import annotations

import base64
import gzip

import pytest
from support.memory import peak_of
from support.platforms import KEY

from guestseal.errors import Malformed
from guestseal.firstboot.metadata import Secret
from guestseal.firstboot.reading import MOST_REMARKS, USER_DATA_LIMIT, Reading, at, json_object

HASH = "$6$salt$" + "a" * 86


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"[" * 100_000, b'"text"'])
def test_what_is_no_object_is_malformed(body):
    with pytest.raises(Malformed, match="JSON object"):
        json_object("here", body)


def test_a_place_that_is_not_there_is_none():
    document = {"a": [{"b": 1}], "t": "text"}
    assert at(document, "a", 0, "b") == 1
    for path in (("a", 1, "b"), ("a", "b"), ("t", 0), ("x",), ("a", 0, "b", "c")):
        assert at(document, *path) is None


def test_an_instance_id_may_be_a_number_and_nothing_else():
    reading = Reading("here")
    assert reading.instance_id(3164494) == "3164494"
    for value in (None, True, [], {}, "", "a b", "\ud800"):
        with pytest.raises(Malformed):
            reading.instance_id(value)


def test_each_bad_value_costs_itself_and_a_remark():
    reading = Reading("here")
    assert reading.hostname(["web"]) is None
    assert reading.hostname("a;reboot") is None
    assert reading.ssh_keys({"x": "y"}) is None
    assert reading.ssh_keys([KEY, 5]) is None
    assert reading.password("two\nlines") is None
    assert reading.password_hash("$1$md5$" + "a" * 22) is None
    assert reading.password_hash("plain") is None
    assert reading.user_data(["x"]) is None
    assert reading.user_data("IyEvYmlu*", encoded=True) is None
    assert len(reading.remarks) == 9
    assert all("reboot" not in remark and "lines" not in remark for remark in reading.remarks)


def test_good_values_come_out_whole():
    reading = Reading("here")
    assert reading.hostname("Web.Example.Com.") == "web.example.com"
    assert reading.ssh_keys(f"{KEY} a\n") == reading.ssh_keys([f"{KEY} a"]) == (f"{KEY} a",)
    assert reading.ssh_keys([]) == ()
    assert reading.password("x y") == Secret(b"x y")
    assert reading.password_hash(HASH) == Secret(HASH.encode())
    assert (reading.hostname(None), reading.ssh_keys(None), reading.password(None)) == (None, None, None)
    assert reading.user_data("#!/bin/sh\n") == reading.user_data("IyEvYmlu\r\nL3NoCg==", encoded=True) == b"#!/bin/sh\n"
    assert (reading.user_data(None), reading.user_data("")) == (None, None)
    assert reading.remarks == []


@pytest.mark.parametrize(
    "value", [b"#!/bin/sh\n", "#!/bin/sh\n", gzip.compress(b"#!/bin/sh\n")], ids=["bytes", "text", "gzip"]
)
def test_user_data_comes_out_unpacked(value):
    reading = Reading("here")
    assert reading.user_data(value) == b"#!/bin/sh\n"
    coded = base64.encodebytes(value if isinstance(value, bytes) else value.encode())
    assert reading.user_data(coded, encoded=True) == reading.user_data(coded.decode(), encoded=True) == b"#!/bin/sh\n"
    assert reading.remarks == []


@pytest.mark.parametrize("value", [None, "", b"", gzip.compress(b"")], ids=["missing", "text", "bytes", "gzip"])
def test_no_user_data_is_none_without_a_remark(value):
    reading = Reading("here")
    assert (reading.user_data(value), reading.remarks) == (None, [])


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (5, False),
        (["#!/bin/sh"], False),
        ("!not base64!", True),
        ("QQ", True),
        (b"\x1f\x8b\x08 broken", False),
        (gzip.compress(bytes(range(256)) * 40)[:-9], False),
        (gzip.compress(bytes(USER_DATA_LIMIT + 1)), False),
        (base64.b64encode(gzip.compress(bytes(10 * USER_DATA_LIMIT))), True),
        (bytes(USER_DATA_LIMIT + 1), False),
    ],
    ids=["number", "list", "no base64", "padding", "no gzip", "cut off", "bomb", "packed bomb", "huge"],
)
def test_user_data_that_makes_no_sense_costs_itself_and_a_remark(value, encoded):
    reading = Reading("here")
    assert reading.user_data(value, encoded=encoded) is None
    assert len(reading.remarks) == 1 and reading.remarks[0].startswith("user data: ")


def test_base64_with_blanks_takes_little_more_memory_than_it_is_long():
    body = b" a\n" * (1 << 20)
    assert peak_of(lambda: Reading("here").user_data(body, encoded=True)) < 4 * len(body)


def test_remarks_without_end_are_counted():
    reading = Reading("here")
    for number in range(MOST_REMARKS):
        reading.remarks.append(f"remark {number}")
    assert len(reading.remarks) == MOST_REMARKS and reading.remarks[-1] == f"remark {MOST_REMARKS - 1}"
    reading.remarks.append("one more")
    reading.remarks += ["and", "more"]
    reading.remarks.extend(f"and {number}" for number in range(100_000))
    assert len(reading.remarks) == MOST_REMARKS + 1
    assert tuple(reading.remarks)[-2:] == (f"remark {MOST_REMARKS - 1}", "100003 more remarks")
