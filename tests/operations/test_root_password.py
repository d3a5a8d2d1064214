"""root's password: expired, locked or kept, with every other byte as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File, build

from guestseal.errors import UsageError
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.seal.operations.root_password import OPERATION

HASH = "$y$j9T$abc$def"
OTHERS = b"kim:$6$x$\xffy:19000:0:99999:7:::\n+::::::::\n"


def shadow(root: str, mode: int = 0o640, group: int = 42) -> dict[str, Entry]:
    """A shadow file with that line for root, between other lines."""
    return {"/etc/shadow": File(b"bin:*:19000:0:99999:7:::\n" + root.encode() + b"\n" + OTHERS, mode, (0, group))}


SET = shadow(f"root:{HASH}:19000:0:99999:7:::")
EXPIRED = shadow(f"root:{HASH}:0:0:99999:7:::")
NONE = shadow("root::19000:0:99999:7:::")
LOCK, KEEP = {"root-password": "lock"}, {"root-password": "keep"}

CASES = (
    Case("expired by default", DEBIAN, SET, EXPIRED),
    Case(
        "expired, with RHEL's mode",
        REDHAT,
        shadow(f"root:{HASH}::0:99999:7:::", 0o000, 0),
        shadow(f"root:{HASH}:0:0:99999:7:::", 0o000, 0),
    ),
    Case("without a password, expired", ALPINE, NONE, shadow("root::0:0:99999:7:::")),
    Case("expired already", SUSE, EXPIRED),
    Case("locked already", DEBIAN, shadow("root:*:19000:0:99999:7:::")),
    Case("locked with a hash, expire leaves it", SUSE, shadow(f"root:!{HASH}:19000::::::")),
    Case("locked on demand", REDHAT, SET, shadow("root:*:19000:0:99999:7:::"), LOCK),
    Case(
        "no hash stays behind a lock", DEBIAN, shadow(f"root:!{HASH}:19000::::::"), shadow("root:*:19000::::::"), LOCK
    ),
    Case("without a password, locked", ALPINE, NONE, shadow("root:*:19000:0:99999:7:::"), LOCK),
    Case("locked without a hash", SUSE, shadow("root:!!:19000::::::"), choices=LOCK),
    Case("kept", DEBIAN, SET, choices=KEEP),
    Case("no root", ALPINE, {"/etc/shadow": File("kim:x:1::::::\n", 0o600)}),
)


def test_an_unknown_choice_is_refused(tmp_path: Path) -> None:
    build(tmp_path, SET)
    with Tree(str(tmp_path)) as tree, pytest.raises(UsageError, match="expire, lock or keep, not 'remove'"):
        list(OPERATION.plan(Guest(tree, choices={"root-password": "remove"})))


def test_no_hash_is_in_what_people_see(tmp_path: Path) -> None:
    build(tmp_path, SET)
    with Tree(str(tmp_path)) as tree:
        (action,) = OPERATION.plan(Guest(tree))
    assert action.describe() == "edit /etc/shadow: expire root's password"
    assert HASH not in repr(action)
