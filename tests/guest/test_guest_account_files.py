"""Accounts taken out of passwd, shadow, group and gshadow, with every other byte as it was."""

from __future__ import annotations

import pytest

from guestseal.guest.accounts.account_files import own_groups, without_accounts, without_members
from guestseal.guest.facts import Account

PACKER = Account("packer", 1000, 1000, "/home/packer", "/bin/sh")
KIM = Account("kim", 1001, 1001, "/home/kim", "/bin/sh")
GROUP = b"root:x:0:\nsudo:x:27:packer,kim\npacker:x:1000:\n\xff\xfe:x:5:a\n+::::\nno line\n"


def test_the_lines_of_the_accounts_go() -> None:
    passwd = b"root:x:0:0::/root:/bin/sh\npacker:x:1000:1000::/home/packer:/bin/sh\npacker2:x:1:1::/:/\n\n+::::::\xff"
    left = b"root:x:0:0::/root:/bin/sh\npacker2:x:1:1::/:/\n\n+::::::\xff"
    assert without_accounts(passwd, ["packer"]) == left
    assert without_accounts(passwd, ["pack", "x", "root:x"]) == passwd


def test_what_is_no_line_of_an_account_file_stays() -> None:
    assert without_accounts(b"packer\n#packer:x\n\n", ["packer"]) == b"packer\n#packer:x\n\n"


def test_members_go_from_every_group() -> None:
    assert without_members(GROUP, ["packer"], []) == GROUP.replace(b"packer,kim", b"kim")
    assert without_members(GROUP, ["packer", "kim"], []) == GROUP.replace(b"packer,kim", b"")
    assert without_members(GROUP, ["pack"], []) == GROUP


def test_groups_go_whole() -> None:
    assert without_members(GROUP, [], ["packer"]) == GROUP.replace(b"packer:x:1000:\n", b"")


def test_administrators_of_gshadow_go_as_well() -> None:
    assert without_members(b"sudo:*:packer,kim:packer\n", ["packer"], []) == b"sudo:*:kim:\n"


@pytest.mark.parametrize(
    ("group", "others", "expected"),
    [
        (b"packer:x:1000:\n", [KIM], {"packer"}),
        (b"packer:x:1000:packer\n", [KIM], {"packer"}),
        (b"packer:x:1000:kim\n", [KIM], set()),
        (b"packer:x:1001:\n", [KIM], set()),
        (b"users:x:1000:\n", [KIM], set()),
        (b"packer:x:one:\npacker:x\n", [], set()),
    ],
    ids=["its own", "it is a member", "another is a member", "another's group", "another name", "malformed"],
)
def test_a_group_is_an_accounts_own_when_nobody_else_is_in_it(
    group: bytes, others: list[Account], expected: set[str]
) -> None:
    assert own_groups(group, [PACKER], others) == expected
