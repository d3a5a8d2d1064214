"""The password step when the power, the disk or another writer fails it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from support.clones import (
    SHADOW,
    TEMPLATE_HASH,
    CloneTree,
    clone_tree,
    needs_root,
)
from support.passwords import SECRET, shadow
from support.trees import fingerprint

from guestseal.errors import Changed, GuestError
from guestseal.firstboot.steps.network.password import STEP
from guestseal.machine.crypt import hash_password, verify

pytestmark = needs_root


class PowerCut(Exception):
    """Between two changes of the disk."""


def begun(vm: CloneTree, **said: bytes) -> dict[str, str]:
    """What the step has put on the disk when the power fails before it touches /etc/shadow."""
    kept: dict[str, str] = {}

    def remember(memory: Mapping[str, str]) -> None:
        kept.update(memory)
        raise PowerCut

    clone = replace(vm.clone(**said), remember=remember)
    with pytest.raises(PowerCut):
        STEP.run(clone)
    clone.root.close()
    return kept


OFFERS = ({"password": SECRET}, {"password_hash": hash_password(SECRET).encode()})


@pytest.mark.parametrize("said", OFFERS, ids=["password", "hash"])
def test_after_a_power_cut_before_it_was_set_it_is_set(tmp_path: Path, said: dict[str, bytes]) -> None:
    vm = clone_tree(tmp_path)
    memory = begun(vm, **said)
    assert shadow(vm).password == TEMPLATE_HASH
    result = vm.run(STEP, **said, memory=memory)
    assert (result.changed, result.acknowledge, "over" in result.memory) == (True, True, False)
    assert verify(SECRET, shadow(vm).password)


@pytest.mark.parametrize("said", OFFERS, ids=["password", "hash"])
def test_after_one_between_setting_it_and_the_state_what_the_user_chose_since_stays(
    tmp_path: Path, said: dict[str, bytes]
) -> None:
    """The platform was out of reach at the boots in between, so that the user could log in."""
    vm = clone_tree(tmp_path)
    memory = begun(vm, **said)
    vm.run(STEP, password=b"the user's")
    before = fingerprint(tmp_path)
    result = vm.run(STEP, **said, memory=memory)
    assert (result.changed, result.acknowledge, "over" in result.memory) == (False, True, False)
    assert fingerprint(tmp_path) == before


def test_another_password_after_a_power_cut_is_set_all_the_same(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    vm.run(STEP, password=b"another", memory=begun(vm, password=SECRET))
    assert verify(b"another", shadow(vm).password)


# Trouble that is no power cut


def failing(
    vm: CloneTree,
    expected: type[BaseException],
    disturb: Callable[[], object],
    memory: Mapping[str, str] | None = None,
    **said: bytes,
) -> Mapping[str, str]:
    """What is on the disk after the step has failed with ``expected``, of what ``disturb`` did before it wrote."""
    kept = dict(memory or {})

    def remember(memory: Mapping[str, str]) -> None:
        kept.clear()
        kept.update(memory)
        if "over" in memory:
            disturb()

    clone = replace(vm.clone(memory=memory, **said), remember=remember)
    with pytest.raises(expected):
        STEP.run(clone)
    clone.root.close()
    return kept


def another_writer(vm: CloneTree) -> None:
    """Somebody who holds no lock gives root another password."""
    path = vm.path / "etc/shadow"
    path.write_text(path.read_text().replace(TEMPLATE_HASH, hash_password(b"somebody's")))


def interrupt() -> None:
    raise KeyboardInterrupt


def full_disk() -> None:
    raise GuestError("/var/lib/guestseal/state.json", "not changed: No space left on device")


DISTURBANCES: dict[str, tuple[type[BaseException], Callable[[CloneTree], object]]] = {
    "no file": (GuestError, lambda vm: (vm.path / "etc/shadow").unlink()),
    "another writer": (Changed, another_writer),
    "the state is not saved": (GuestError, lambda _: full_disk()),
    "an interrupt": (KeyboardInterrupt, lambda _: interrupt()),
}


@pytest.mark.parametrize("said", OFFERS, ids=["password", "hash"])
@pytest.mark.parametrize("disturbance", DISTURBANCES)
def test_a_password_that_was_not_set_is_set_later_whatever_was_chosen_since(
    tmp_path: Path, disturbance: str, said: dict[str, bytes]
) -> None:
    """Its platform would delete it for good, were it acknowledged."""
    expected, disturb = DISTURBANCES[disturbance]
    vm = clone_tree(tmp_path)
    before = {"digest": hash_password(b"an earlier one")}
    memory = failing(vm, expected, lambda: disturb(vm), before, **said)
    assert memory == before
    (tmp_path / "etc/shadow").write_text(SHADOW)
    vm.run(STEP, password=b"of the configuration management")
    result = vm.run(STEP, **said, memory=memory)
    assert (result.changed, result.acknowledge) == (True, True)
    assert verify(SECRET, shadow(vm).password)


@pytest.mark.parametrize("said", OFFERS, ids=["password", "hash"])
def test_nor_is_it_taken_for_set_when_the_power_had_failed_before(tmp_path: Path, said: dict[str, bytes]) -> None:
    vm = clone_tree(tmp_path)
    memory = failing(vm, Changed, lambda: another_writer(vm), begun(vm, **said), **said)
    result = vm.run(STEP, **said, memory=memory)
    assert (result.changed, result.acknowledge) == (True, True)
    assert verify(SECRET, shadow(vm).password)


def test_what_was_set_before_the_power_failed_stays_known_when_the_next_one_fails(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    memory = begun(vm, password=SECRET)
    another_writer(vm)
    with_hash = failing(vm, KeyboardInterrupt, interrupt, memory, password=b"the next one")
    before = fingerprint(tmp_path)
    assert vm.run(STEP, password=SECRET, memory=with_hash).acknowledge
    assert fingerprint(tmp_path) == before


def test_a_password_that_stands_in_spite_of_an_error_is_remembered(tmp_path: Path) -> None:
    """The directory could not be put on the disk, say: what the user chooses since is kept."""
    vm = clone_tree(tmp_path)

    def set_it_and_fail() -> None:
        place = tmp_path / "etc/shadow"
        place.write_text(place.read_text().replace(TEMPLATE_HASH, given))
        raise GuestError("/etc", "not changed: Input/output error")

    given = hash_password(SECRET)
    memory = failing(vm, GuestError, set_it_and_fail, password_hash=given.encode())
    vm.run(STEP, password=b"the user's")
    before = fingerprint(tmp_path)
    assert vm.run(STEP, password_hash=given.encode(), memory=memory).acknowledge
    assert fingerprint(tmp_path) == before
