"""Faults of what is given for a password: what is none, and what must be taken literally.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace

import pytest
from support.clones import SHADOW, TEMPLATE_PASSWORD, CloneTree, needs_root
from support.clouds import cloudstack
from support.first_boot import boot, password_is
from support.platforms import PASSWORD, WEB

from guestseal.simulate.faults import Fault

pytestmark = needs_root

FETCH = ("DomU_Request", "send_my_password")


def untouched(clone: CloneTree) -> bool:
    """Whether no account's password is another than the template's."""
    others = [line for line in clone.read("/etc/shadow").splitlines() if not line.startswith("root:")]
    return password_is(clone, TEMPLATE_PASSWORD) and others == SHADOW.splitlines()[1:]


def test_P1_no_password_is_waiting(clone: CloneTree) -> None:
    for body in (b"saved_password", b"", b" \r\n"):
        with cloudstack(Fault(header=FETCH, body=body), instance=replace(WEB, ssh_keys=())) as cloud:
            outcome = boot(clone, cloud)
        assert outcome.status == "done"
        assert untouched(clone)
        assert outcome.asked("saved_password") == []


NOT_PASSWORDS: Mapping[str, tuple[str, dict[str, object]]] = {
    "bad_request": ("P2", {"body": b"bad_request"}),
    "Python 2": ("P2", {"body": b"HTTP/1.0 400 Bad Request\r\nServer: x\r\n\r\nbad_request"}),
    "status line": ("P3", {"body": b"HTTP/1.0 200 OK"}),
    "another account": ("P5", {"body": b"x\nroot2:pw-of-mallory"}),
    "NUL": ("P9", {"body": b"a-password\0and-more"}),
    "escape": ("P9", {"body": b"a-password\x1b[2J-and-more"}),
    "DEL": ("P9", {"body": b"a-password\x7f-and-more"}),
    "Latin-1": ("P10", {"body": b"caf\xe9-caf\xe9-caf\xe9"}),
    "4 KiB": ("P11", {"body": b"x" * 4096}),
    "HTML": ("P12", {"body": b"<html><body>log in here first</body></html>"}),
}


def refused(clone: CloneTree, answer: dict[str, object]) -> None:
    """Boot beside a router with this for a password: nothing is set or acknowledged, and one may yet come."""
    with cloudstack(Fault(header=FETCH, status=200, **answer), instance=replace(WEB, ssh_keys=())) as cloud:  # type: ignore[arg-type]
        outcome = boot(clone, cloud)
        assert cloud.pending()
    assert outcome.status == "degraded"
    assert untouched(clone)
    assert clone.read("/etc/hostname") == "web\n"
    assert "password" in outcome.remarks
    assert outcome.asked("saved_password") == []


@pytest.mark.parametrize("name", [name for name, (fault, _) in NOT_PASSWORDS.items() if fault == "P2"])
def test_P2_a_bad_request_with_status_200_is_no_password(clone: CloneTree, name: str) -> None:
    refused(clone, NOT_PASSWORDS[name][1])


def test_P3_a_status_line_is_no_password(clone: CloneTree) -> None:
    refused(clone, NOT_PASSWORDS["status line"][1])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_P4_one_line_end_is_not_the_passwords(clone: CloneTree, end: str) -> None:
    with cloudstack(Fault(header=FETCH, body=f"{PASSWORD}{end}".encode())) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert password_is(clone, PASSWORD)


def test_P4_a_second_line_is_refused(clone: CloneTree) -> None:
    refused(clone, {"body": b"first-line-of-two\n\n"})


def test_P5_a_line_break_sets_nobody_elses_password(clone: CloneTree) -> None:
    refused(clone, NOT_PASSWORDS["another account"][1])


NUMBERS = itertools.count()
"""The name of a test stands in the environment, where no password may stand."""
LITERAL = {
    "P6": ["a:b:c-colons", "k=v=w-equals", "100%-percent", "$HOME-dollar", "`id`-backtick", "'q\"-quotes", " blanks  "],
    "P7": ["-n", "--help", "*"],
    "P8": ["$6$abc$notahashnotahash", "R", "RANDOM"],
}


@pytest.mark.parametrize("password", LITERAL["P6"], ids=lambda _: str(next(NUMBERS)))
def test_P6_signs_that_mean_something_to_a_shell_are_set_as_they_are(clone: CloneTree, password: str) -> None:
    with cloudstack(instance=replace(WEB, password=password)) as cloud:
        assert boot(clone, cloud).status == "done"
    assert password_is(clone, password)
    assert not password_is(clone, password.strip() + " ")


@pytest.mark.parametrize("password", LITERAL["P7"], ids=lambda _: str(next(NUMBERS)))
def test_P7_what_looks_like_an_option_is_a_password(clone: CloneTree, password: str) -> None:
    with cloudstack(instance=replace(WEB, password=password)) as cloud:
        assert boot(clone, cloud).status == "done"
    assert password_is(clone, password)


@pytest.mark.parametrize("password", LITERAL["P8"], ids=lambda _: str(next(NUMBERS)))
def test_P8_what_looks_like_a_hash_or_a_keyword_is_a_password(clone: CloneTree, password: str) -> None:
    with cloudstack(instance=replace(WEB, password=password)) as cloud:
        assert boot(clone, cloud).status == "done"
    assert password_is(clone, password)


@pytest.mark.parametrize("name", [name for name, (fault, _) in NOT_PASSWORDS.items() if fault == "P9"])
def test_P9_control_characters_are_refused_and_never_shown(clone: CloneTree, name: str) -> None:
    refused(clone, NOT_PASSWORDS[name][1])


def test_P10_what_is_not_utf_8_is_refused(clone: CloneTree) -> None:
    refused(clone, NOT_PASSWORDS["Latin-1"][1])


def test_P10_hangul_is_taken_as_its_bytes(clone: CloneTree) -> None:
    with cloudstack(Fault(header=FETCH, body="비밀번호 하나".encode())) as cloud:
        assert boot(clone, cloud).status == "done"
    assert password_is(clone, "비밀번호 하나".encode())


@pytest.mark.parametrize("length", [1, 256])
def test_P11_short_and_long_ones_are_set(clone: CloneTree, length: int) -> None:
    with cloudstack(instance=replace(WEB, password="x" * length)) as cloud:
        assert boot(clone, cloud, again=length > 1).status == "done"
    assert password_is(clone, "x" * length)


@pytest.mark.parametrize("length", [257, 512, 4096])
def test_P11_those_beyond_the_limit_are_refused(clone: CloneTree, length: int) -> None:
    refused(clone, {"body": b"x" * length})


def test_P12_a_page_is_no_password(clone: CloneTree) -> None:
    refused(clone, NOT_PASSWORDS["HTML"][1])


def test_P13_no_program_is_needed_to_set_a_password(clone: CloneTree) -> None:
    """Neither chpasswd nor PAM can be missing, refuse or hang: /etc/shadow is written here."""
    with cloudstack() as cloud:
        outcome = boot(clone, cloud)
    assert password_is(clone, PASSWORD)
    assert not [word for word in ("chpasswd", "passwd ", "usermod") if word in outcome.said.split("PATH=")[0]]
