"""Which of two versions of a Debian package is newer: the cases of deb-version(7) and of dpkg's own t-version.c."""

from __future__ import annotations

import pytest

from guestseal.guest.packages.debian_versions import newer

ORDER = (
    *("0", "0.0.0", "1.0~~", "1.0~~a", "1.0~", "1.0~rc1-1", "1.0-1~bpo1", "1.0-1", "1.0-1+b1", "1.0-1+deb12u2"),
    *("1.0-1+deb12u10", "1.0-2", "1.0a-1", "1.0+dfsg-1", "1.0.1-1", "1.2-3-4", "1.10-1", "09", "10", "1:0.1-1", "2:0"),
)


@pytest.mark.parametrize(("one", "other"), [(b, a) for n, a in enumerate(ORDER) for b in ORDER[n + 1 :]])
def test_each_is_newer_than_those_before(one: str, other: str) -> None:
    assert newer(one, other)
    assert not newer(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    (("1.0-1", "1.0-1"), ("0:1.0-1", "1.0-1"), ("1.0-0", "1.0"), ("1.01", "1.1"), ("", "0"), ("a0", "a")),
)
def test_what_is_the_same_is_not_newer(one: str, other: str) -> None:
    assert not newer(one, other)
    assert not newer(other, one)


def test_a_number_may_have_any_length() -> None:
    assert newer(f"1.{'9' * 10_000}", f"1.{'8' * 10_000}")
    assert newer(f"{'9' * 10_000}:1", "1:1")
