"""Instances: the JSON document that describes them, its errors, and secrets that stay out of `repr`."""

from __future__ import annotations

import json

import pytest

from guestseal.simulate.instance import Instance, parse_instances

FULL = {
    "instance_id": "i-1",
    "hostname": "web",
    "ssh_keys": ["ssh-rsa AAAA"],
    "password": "hunter2",
    "user_data_base64": "H4s=",
    "local_ipv4": "10.0.0.1",
    "extra": {"zone": "a"},
}


def test_whole_instance():
    assert parse_instances(json.dumps({"10.1.1.2": FULL})) == {
        "10.1.1.2": Instance("i-1", "web", ("ssh-rsa AAAA",), "hunter2", b"\x1f\x8b", "10.0.0.1", {"zone": "a"})
    }


def test_least_instance_says_nothing_more():
    assert parse_instances('{"*": {"instance_id": "i-1"}}') == {"*": Instance("i-1")}


def test_text_user_data_is_utf_8():
    assert parse_instances('{"*": {"instance_id": "i", "user_data": "가"}}')["*"].user_data == "가".encode()


def test_addresses_have_one_spelling():
    assert list(parse_instances('{"FD00:0:0::1": {"instance_id": "i"}}')) == ["fd00::1"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "not JSON: .* line 1, column 2"),
        ("[]", "must be an object"),
        ('{"web": {}}', "web: neither an IP address"),
        ('{"*": []}', r"\*: must be an object"),
        ('{"*": {}}', r"\*\.instance_id: missing"),
        ('{"*": {"instance_id": 7}}', r"\*\.instance_id: must be a string"),
        ('{"*": {"instance_id": "i", "host": "x"}}', r"\*\.host: unknown; known are instance_id"),
        ('{"*": {"instance_id": "i", "password": 1}}', r"\*\.password: must be a string"),
        ('{"*": {"instance_id": "i", "ssh_keys": "k"}}', r"\*\.ssh_keys: must be a list"),
        ('{"*": {"instance_id": "i", "ssh_keys": ["k", 1]}}', r"\*\.ssh_keys\[1\]: must be a string"),
        ('{"*": {"instance_id": "i", "user_data_base64": "?"}}', r"\*\.user_data_base64: not base64"),
        ('{"*": {"instance_id": "i", "user_data": "", "user_data_base64": ""}}', r"\*\.user_data: given twice"),
        ('{"*": {"instance_id": "i", "extra": {"zone": 1}}}', r"\*\.extra\.zone: must be a string"),
        ('{"*": {"instance_id": "i", "extra": []}}', r"\*\.extra: must be an object"),
        ('{"*": {"instance_id": "i", "instance_id": "j"}}', "instance_id: given twice"),
        ('{"::1": {"instance_id": "i"}, "0::1": {"instance_id": "j"}}', "0::1: given twice"),
    ],
)
def test_errors_name_the_key(document, message):
    with pytest.raises(ValueError, match=message):
        parse_instances(document)


def test_secrets_are_not_shown():
    shown = repr(Instance("i", password="hunter2", user_data=b"hunter3"))
    assert "hunter" not in shown
