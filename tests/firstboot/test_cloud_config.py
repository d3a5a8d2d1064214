"""The part of a cloud-config that is taken, and that nothing else of it is."""

from __future__ import annotations

import pytest
from support.platforms import KEY, OTHER_KEY

from guestseal.firstboot.cloud_config import CloudConfig, cloud_config, key_texts
from guestseal.firstboot.metadata import Secret
from guestseal.firstboot.reading import Reading

HASH = "$6$saltsaltsalt$abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./abcdefghijklmnopqrst"
PROXMOX = f"""#cloud-config
hostname: web
manage_etc_hosts: true
fqdn: web.example.com
user: root
disable_root: False
password: {HASH}
ssh_authorized_keys:
  - {KEY} me
  - {OTHER_KEY} you
chpasswd:
  expire: False
users:
  - default
package_upgrade: true
"""


def read(text: str | bytes | None, account: str = "root") -> tuple[CloudConfig, list[str]]:
    """What is taken, and the remarks."""
    reading = Reading("here")
    body = text.encode() if isinstance(text, str) else text
    return cloud_config(reading, body, account), reading.remarks


def test_all_that_proxmox_says_is_taken():
    found, remarks = read(PROXMOX)
    assert found.hostname == "web.example.com"
    assert found.keys == (f"{KEY} me", f"{OTHER_KEY} you")
    assert found.password_hash == Secret(HASH.encode())
    assert found.password is None
    assert remarks == ["cloud-config: ignored: chpasswd, disable_root, manage_etc_hosts, package_upgrade"]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "hostname: web\n",
        "#!/bin/sh\nhostname: web\n",
        "#cloud-config-archive\n- type: x\n",
        "#cloud-boothook\n",
    ],
)
def test_what_is_no_cloud_config_says_nothing(text):
    assert read(text) == (CloudConfig(), [])


def test_it_may_be_json_and_have_lines_of_windows():
    assert read('#cloud-config\r\n{"hostname": "web"}\r\n')[0].hostname == "web"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hostname: web\n", "web"),
        ("fqdn: web.example.com\n", "web.example.com"),
        ("hostname: web\nfqdn: web.example.com\n", "web.example.com"),
        ("hostname: db\nfqdn: web.example.com\n", "db"),
        ("hostname: 007\n", "007"),
        ("hostname: localhost\n", None),
        ("hostname:\n", None),
        ("hostname: [web]\n", None),
    ],
)
def test_the_name_has_its_domain_where_one_is_said(text, name):
    assert read(f"#cloud-config\n{text}")[0].hostname == name


@pytest.mark.parametrize(
    ("said", "clear", "hashed"),
    [
        ("password: s3cret", b"s3cret", None),
        ("password: 12345", b"12345", None),
        ("password: 007", b"007", None),
        (f"password: {HASH}", None, HASH.encode()),
        ("password: $1$weak$aaaaaaaaaaaaaaaaaaaaaa", None, None),
        ("password: $6$short", None, None),
        ("password: ''", None, None),
        ("password:", None, None),
        ("password: ~", None, None),
        ("password: null", None, None),
        ("password: [a]", None, None),
        ("password: {a: b}", None, None),
        ("users: [{name: root, plain_text_passwd: s3cret}]", b"s3cret", None),
        (f"users: [{{name: root, passwd: {HASH}}}]", None, HASH.encode()),
        (f"users: [{{name: root, hashed_passwd: {HASH}}}]", None, HASH.encode()),
        ("users: [{name: root, hashed_passwd: '!'}]", None, None),
        ("users: [{name: root, passwd: '*'}]", None, None),
        ("users: [{name: root, passwd: s3cret}]", None, None),
    ],
)
def test_a_password_is_in_clear_or_a_hash_and_never_one_for_the_other(said, clear, hashed):
    found, remarks = read(f"#cloud-config\n{said}\n")
    assert found.password == (Secret(clear) if clear else None)
    assert found.password_hash == (Secret(hashed) if hashed else None)
    assert not any("s3cret" in remark or "weak" in remark for remark in remarks)


def test_what_is_said_of_another_user_is_not_for_the_account():
    text = f"#cloud-config\nuser: ada\npassword: s3cret\nssh_authorized_keys: ['{KEY}']\n"
    found, remarks = read(text)
    assert found == CloudConfig()
    assert remarks == ["cloud-config: its keys and password are for another user than the setting account"]
    found, remarks = read(text, account="ada")
    assert (found.password, found.keys, remarks) == (Secret(b"s3cret"), (KEY,), [])


def test_of_users_only_the_accounts_entry_is_taken():
    text = f"""#cloud-config
users:
  - default
  - name: ada
    ssh_authorized_keys: ['{OTHER_KEY}']
    plain_text_passwd: hers
  - name: root
    ssh_authorized_keys: '{KEY}'
  - [nonsense]
"""
    found, remarks = read(text)
    assert (found.keys, found.password, remarks) == ((KEY,), None, [])


def test_what_is_ignored_is_told_by_names_that_are_known_and_by_number():
    _, remarks = read('#cloud-config\nruncmd: [x]\npackages: [y]\n"\\e[2J": z\nsecret-name: 1\n')
    assert remarks == ["cloud-config: ignored: packages, runcmd, 2 of other names"]


@pytest.mark.parametrize("text", ["[", "- a\n", "a: &a [*a]\n", "a: " + "[" * 10_000, "x" * (2 << 20)], ids=range(5))
def test_what_is_not_understood_is_one_remark(text):
    found, remarks = read(f"#cloud-config\n{text}")
    assert found == CloudConfig()
    assert len(remarks) == 1
    assert remarks[0].startswith("cloud-config: ")
    assert len(remarks[0]) < 100


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (None, []),
        ("", []),
        ("one", ["one"]),
        (["one", "two"], ["one", "two"]),
        ({"a": "one", "b": ["two", "three"]}, ["one", "two", "three"]),
        (7, [7]),
    ],
)
def test_keys_come_in_many_shapes(value, texts):
    assert key_texts(value) == texts
