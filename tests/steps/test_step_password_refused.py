"""Passwords that were refused beside another one, on later boots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from support.clones import (
    CloneTree,
    clone_tree,
    needs_root,
)
from support.passwords import SECRET, shadow
from support.trees import fingerprint

from guestseal.firstboot.metadata import Endpoint, Secret
from guestseal.firstboot.steps.network.password import STEP
from guestseal.machine.crypt import verify

pytestmark = needs_root

FIRST, SECOND = Endpoint("10.1.1.1", 8080), Endpoint("10.2.2.1", 8080)
STALE = b"of the second router"


def preferred(vm: CloneTree, memory: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """What is remembered after a boot at which the first router offered SECRET and the second one STALE."""
    return vm.run(
        STEP, password=SECRET, password_from=(FIRST,), passwords_refused=(Secret(STALE),), memory=memory
    ).memory


@pytest.mark.parametrize(
    "server", [SECOND, replace(FIRST, source_address="10.1.1.9")], ids=["another host", "asked from another address"]
)
def test_what_was_refused_beside_another_one_stays_refused(tmp_path: Path, server: Endpoint) -> None:
    vm = clone_tree(tmp_path)
    memory = preferred(vm)
    before = fingerprint(tmp_path)
    for _ in range(2):
        result = vm.run(STEP, password=STALE, password_from=(server,), memory=memory)
        assert (result.changed, result.acknowledge, result.memory) == (False, False, memory)
        assert "refused before" in result.warnings[0]
    assert fingerprint(tmp_path) == before


def test_it_stays_so_after_other_resets_and_replays(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    memory = preferred(vm, preferred(vm))
    memory = vm.run(STEP, password=b"a reset", password_from=(FIRST,), memory=memory).memory
    memory = vm.run(STEP, password=b"another", password_from=(SECOND,), memory=memory).memory
    assert verify(b"another", shadow(vm).password)
    assert not vm.run(STEP, password=STALE, password_from=(SECOND,), memory=memory).changed


def test_what_is_refused_when_a_known_one_comes_again_stays_refused_as_well(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    memory = preferred(vm, vm.run(STEP, password=SECRET, password_from=(FIRST,)).memory)
    assert not vm.run(STEP, password=STALE, password_from=(SECOND,), memory=memory).changed
    assert verify(SECRET, shadow(vm).password)


def test_it_is_set_when_the_preferred_server_offers_it(tmp_path: Path) -> None:
    """A reset to a password of old, which the second router has kept."""
    vm = clone_tree(tmp_path)
    result = vm.run(STEP, password=STALE, password_from=(FIRST, SECOND), memory=preferred(vm))
    assert (result.changed, result.acknowledge, "refused" in result.memory) == (True, True, False)
    assert verify(STALE, shadow(vm).password)


def test_a_refused_password_is_remembered_as_a_hash_only(tmp_path: Path) -> None:
    memory = preferred(clone_tree(tmp_path))
    assert STALE.decode() not in str(memory)
    assert verify(STALE, memory["refused"])
