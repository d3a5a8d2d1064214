"""Which accounts are people's, and who could still log in."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.trees import Entry, File, Link, build

from guestseal.guest.accounts.people import key_files, listed, people, users_passwords, way_in_without
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree

PASSWD = (
    "root:x:0:0::/root:/bin/bash\nold:x:500:500::/home/old:/bin/sh\nkim:x:1000:1000::/home/kim:/bin/bash\n"
    "web:x:1001:1001::/srv:/usr/sbin/nologin\nkim:x:2000:2000::/home/other:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n"
)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ["root", "kim"]),
        ({"/etc/login.defs": File("#UID_MIN 1\nUID_MIN\t\t  500\n")}, ["root", "old", "kim"]),
        ({"/usr/etc/login.defs": File("UID_MIN 500\nUID_MAX 900\n")}, ["root", "old"]),
    ],
    ids=["as a rule", "RHEL 6", "SUSE's vendor file"],
)
def test_people_are_those_whom_login_defs_counts(files: dict[str, Entry], expected: list[str], tmp_path: Path) -> None:
    build(tmp_path, {"/etc/passwd": File(PASSWD), **files})
    with Tree(str(tmp_path)) as tree:
        assert [account.name for account in people(Guest(tree))] == expected


def test_another_account_of_roots_number_has_a_password_of_its_own(tmp_path: Path) -> None:
    shadow = "root:$6$a:1::::::\ntoor:$6$b:1::::::\nkim:$6$c:1::::::\n"
    build(tmp_path, {"/etc/passwd": File(PASSWD + "toor:x:0:0::/root:/bin/sh\n"), "/etc/shadow": File(shadow)})
    with Tree(str(tmp_path)) as tree:
        assert [entry.name for entry in users_passwords(Guest(tree))] == ["kim", "toor"]
        locked = Guest(tree, choices={"root-password": "lock"})
        assert way_in_without(locked, ["kim"])


@pytest.mark.parametrize(
    ("shadow", "files", "choices", "expected"),
    [
        ("root:$6$a:1::::::\n", {}, {}, True),
        ("root:$6$a:1::::::\n", {}, {"root-password": "lock"}, False),
        ("root::1::::::\n", {}, {}, False),
        ("root:!$6$a:1::::::\n", {}, {}, False),
        ("root:!:1::::::\n", {"/root/.ssh/authorized_keys": File("ssh-rsa AAAA\n")}, {}, True),
        ("root:!:1::::::\n", {"/root/.ssh/authorized_keys": File("")}, {}, False),
        ("root:!:1::::::\n", {"/home/kim/.ssh/authorized_keys": File("ssh-rsa AAAA\n")}, {}, False),
        ("kim:$6$a:1::::::\n", {}, {}, False),
    ],
    ids=["password", "to be locked", "empty", "locked", "keys", "no keys", "the removed one's keys", "its password"],
)
def test_a_way_in_is_a_password_or_keys_of_somebody_who_stays(
    shadow: str, files: dict[str, Entry], choices: dict[str, str], expected: bool, tmp_path: Path
) -> None:
    build(tmp_path, {"/etc/passwd": File(PASSWD), "/etc/shadow": File(shadow), **files})
    with Tree(str(tmp_path)) as tree:
        assert way_in_without(Guest(tree, choices=choices), ["kim"]) is expected


def test_a_link_that_anybody_made_is_passed_over(tmp_path: Path) -> None:
    keys = "/home/kim/.ssh/authorized_keys"
    build(tmp_path, {"/etc/passwd": File(PASSWD), keys: File("x"), "/root/.ssh": Link("/home/kim/.ssh", (1000, 1000))})
    with Tree(str(tmp_path)) as tree:
        guest = Guest(tree)
        assert key_files(guest, people(guest)) == [keys]
        assert "not followed" in tree.passed_over["/root/.ssh"]


def test_a_sentence_names_a_few_and_counts_the_rest() -> None:
    assert listed(["a", "b\n"]) == "a, b\\n"
    assert listed([f"u{number}" for number in range(7)]) == "u0, u1, u2, u3, u4 and 2 more"
