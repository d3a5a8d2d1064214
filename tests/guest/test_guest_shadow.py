"""shadow(5): one entry read or changed, every other byte as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guestseal.guest.accounts.shadow import LOCKED, ShadowEntry, entry, with_entry

REST = ("0", "99999", "7", "", "", "")
FILE = b"bin:*:19000:0:99999:7:::\nroot:$6$s$h:19000:0:99999:7:::\n\nkim:!:1::::::\xff\nroot:second:1::::::\n+::::::::"


def test_the_first_entry_of_a_name_counts() -> None:
    assert entry(FILE, "root") == ShadowEntry("root", "$6$s$h", "19000", REST)
    assert entry(FILE, "roo") is None
    assert entry(b"", "root") is None
    assert entry(b"root\n", "root") is None


def test_a_short_line_has_empty_fields() -> None:
    assert entry(b"root:x", "root") == ShadowEntry("root", "x")


@pytest.mark.parametrize("name", ["root", "bin", "kim", "+"])
def test_an_entry_put_back_changes_no_byte(name: str) -> None:
    found = entry(FILE, name)
    assert found is not None
    assert with_entry(FILE, found) == FILE


def test_only_the_fields_that_change_change() -> None:
    found = entry(FILE, "root")
    assert found is not None
    assert with_entry(FILE, replace(found, last_change="0")) == FILE.replace(b"h:19000:", b"h:0:")
    assert with_entry(FILE, replace(found, password=LOCKED)) == FILE.replace(b"$6$s$h", b"*")


@pytest.mark.parametrize(
    ("before", "after"), [(b"", b"kim:*:::::::\n"), (b"a:*:::::::", b"a:*:::::::\nkim:*:::::::\n")]
)
def test_a_missing_entry_is_added_at_the_end(before: bytes, after: bytes) -> None:
    assert with_entry(before, ShadowEntry("kim", "*")) == after


@pytest.mark.parametrize(
    ("password", "usable", "holds_nothing"),
    [
        ("$6$s$h", True, False),
        ("", True, False),
        ("x", True, False),
        ("!$6$s$h", False, False),
        ("!*", False, True),
        ("!", False, True),
        ("!!", False, True),
        (LOCKED, False, True),
    ],
)
def test_what_a_password_field_means(password: str, usable: bool, holds_nothing: bool) -> None:
    found = ShadowEntry("root", password)
    assert (found.usable, found.holds_nothing) == (usable, holds_nothing)


def test_a_hash_is_not_shown() -> None:
    assert "$6$" not in repr(entry(FILE, "root"))
