"""A hash in place of a password."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.children import every_cut
from support.clones import (
    TEMPLATE_HASH,
    TODAY,
    clone_tree,
    needs_root,
)
from support.passwords import GIVEN, SECRET, hash_of, shadow
from support.trees import File, fingerprint

from guestseal.errors import CommandError
from guestseal.firstboot.steps.network.password import STEP
from guestseal.machine.crypt import SHA512, YESCRYPT, verify

pytestmark = needs_root


@pytest.mark.parametrize("method", [SHA512, YESCRYPT])
def test_a_hash_is_set_as_it_is(tmp_path: Path, method: str) -> None:
    vm = clone_tree(tmp_path, {"/etc/shadow": File("root:!$6$x$y:0:0:99999:7::1:\n", 0o640)})
    hashed = hash_of(SECRET, method)
    result = vm.run(STEP, password_hash=hashed)
    assert (result.changed, result.acknowledge, result.detail) == (True, True, "set for root")
    standing = shadow(vm)
    assert (standing.password, standing.last_change, standing.rest[4]) == (hashed.decode(), str(TODAY), "")


def test_no_memory_of_it_opens_anything(tmp_path: Path) -> None:
    result = clone_tree(tmp_path).run(STEP, password_hash=GIVEN)
    assert list(result.memory) == ["hash"]
    assert GIVEN.decode() not in repr(result)


def test_a_replayed_hash_does_not_undo_what_the_user_chose(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, password_hash=GIVEN)
    vm.run(STEP, password=b"the user's")
    before = fingerprint(tmp_path)
    again = vm.run(STEP, password_hash=GIVEN, memory=first.memory)
    assert (again.changed, again.acknowledge, again.memory) == (False, True, first.memory)
    assert fingerprint(tmp_path) == before


def test_another_hash_is_set_on_any_boot(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, password_hash=GIVEN)
    second = vm.run(STEP, password_hash=hash_of(b"reset"), memory=first.memory)
    assert second.changed
    assert verify(b"reset", shadow(vm).password)


def test_a_hash_that_came_beside_a_password_never_undoes_it(tmp_path: Path) -> None:
    """A router gives its password once, and a drive goes on giving its hash."""
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, password=SECRET, password_hash=GIVEN)
    vm.run(STEP, password=b"the user's")
    before = fingerprint(tmp_path)
    assert not vm.run(STEP, password_hash=GIVEN, memory=first.memory).changed
    assert not vm.run(STEP, password=SECRET, memory=first.memory).changed
    assert fingerprint(tmp_path) == before


def test_of_both_the_password_is_the_one_that_is_set(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    vm.run(STEP, password=SECRET, password_hash=hash_of(b"other"))
    assert verify(SECRET, shadow(vm).password)


def test_a_password_from_before_a_hash_is_a_replay_as_well(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, password=SECRET)
    second = vm.run(STEP, password_hash=hash_of(b"newer"), memory=first.memory)
    assert not vm.run(STEP, password=SECRET, memory=second.memory).changed
    assert verify(b"newer", shadow(vm).password)


NO_HASHES = {
    "empty": b"",
    "locked": b"*",
    "disabled": b"!",
    "a letter": b"x",
    "too short": GIVEN[:-1],
    "with fields": GIVEN + b":0:0",
    "with a line": GIVEN + b"\nann:",
    "of an unknown kind": b"$9$a$b",
}


@pytest.mark.parametrize("given", NO_HASHES.values(), ids=NO_HASHES)
def test_what_is_no_hash_of_this_systems_changes_nothing(tmp_path: Path, given: bytes) -> None:
    vm = clone_tree(tmp_path)
    before = fingerprint(tmp_path)
    with pytest.raises(CommandError, match="nothing was set") as caught:
        vm.run(STEP, password_hash=given)
    assert len(given) < 8 or given.decode() not in str(caught.value)
    assert fingerprint(tmp_path) == before


def test_a_power_cut_anywhere_costs_no_hash(tmp_path: Path) -> None:
    cut = 0
    for vm in every_cut(clone_tree, lambda vm: vm.run(STEP, password_hash=GIVEN), tmp_path):
        cut += 1
        assert shadow(vm).password in (TEMPLATE_HASH, GIVEN.decode())
        assert vm.run(STEP, password_hash=GIVEN).acknowledge
        assert shadow(vm).password == GIVEN.decode()
        assert vm.leftovers() == []
    assert cut >= 5
