"""Hashes are checked against implementations of other people: OpenSSL's, and the system's own login tools."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from guestseal.errors import CommandError
from guestseal.machine.crypt import SHA512, YESCRYPT, hash_password, usable, verify

PASSWORDS = [
    b"secret",
    b"a",
    b" blanks ",
    b"a:b=c%d$e`f'g\"h",
    b"-n",
    b"$6$looks$like",
    "비밀번호".encode(),
    b"x" * 511,
]


@pytest.mark.parametrize("password", PASSWORDS)
def test_a_password_is_verified_by_its_hash_and_no_other_is(password: bytes) -> None:
    hashed = hash_password(password)
    assert re.fullmatch(r"\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}", hashed)
    assert verify(password, hashed)
    assert not verify(password + b"x", hashed)
    assert not verify(password[:-1], hashed)


def test_openssl_makes_the_same_hash() -> None:
    hashed = hash_password(b"a:b c")
    command = ["openssl", "passwd", "-6", "-salt", hashed.split("$")[2], "-stdin"]
    assert subprocess.run(command, input=b"a:b c\n", capture_output=True, check=True).stdout.decode().strip() == hashed


def test_yescrypt_is_used_where_the_library_has_it() -> None:
    hashed = hash_password(b"secret", YESCRYPT)
    assert hashed.startswith((YESCRYPT, SHA512))
    assert verify(b"secret", hashed)
    assert not verify(b"Secret", hashed)


def test_an_unknown_method_becomes_sha512() -> None:
    assert hash_password(b"secret", "$unknown$").startswith(SHA512)


def test_no_two_hashes_share_a_salt() -> None:
    assert len({hash_password(b"secret") for _ in range(20)}) == 20


@pytest.mark.parametrize("password", [b"", b"nul\0inside", b"x" * 4096])
def test_what_crypt_cannot_take_is_an_error_without_the_password(password: bytes) -> None:
    with pytest.raises(CommandError) as caught:
        hash_password(password)
    assert password.decode()[:8] not in str(caught.value).replace("crypt(3)", "") or not password


@pytest.mark.parametrize(
    "field", ["", "*", "!", "!*", "!$6$salt$hash", "x", "*0", "aaTuHlmX7VQLw", "$6$", "$unknown$x"]
)
def test_what_is_no_hash_verifies_nothing(field: str) -> None:
    assert not verify(b"", field)
    assert not verify(b"secret", field)


@pytest.mark.parametrize("method", [SHA512, YESCRYPT])
def test_a_hash_is_usable_and_one_that_was_cut_is_not(method: str) -> None:
    hashed = hash_password(b"pw", method)
    assert usable(hashed)
    assert [usable(text) for text in (hashed[:-1], f"{hashed}x", hashed[:12], f"!{hashed}", "", "$9$abc$def")] == [
        False
    ] * 6


def test_a_nul_does_not_cut_a_password_short() -> None:
    assert not verify(b"secret\0and more", hash_password(b"secret"))


def test_importing_it_loads_no_ctypes() -> None:
    """The network stage imports every step, and most boots hash nothing."""
    program = "import sys, guestseal.machine.crypt; print('ctypes' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"
    )
