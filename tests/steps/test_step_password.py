"""The password step on real trees, with the real crypt(3)."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, at_once, every_cut, in_child
from support.clones import (
    ANN,
    KEYS,
    SHADOW,
    TEMPLATE_HASH,
    TEMPLATE_PASSWORD,
    TODAY,
    CloneTree,
    clone_tree,
    needs_root,
    on_full_disk,
)
from support.trees import Dir, Entry, File, Link, fingerprint, read

from guestseal.errors import Changed, CommandError, GuestError
from guestseal.firstboot.metadata import Endpoint, Secret
from guestseal.firstboot.step import Result
from guestseal.firstboot.steps.network.password import STEP
from guestseal.firstboot.steps.network.ssh_keys import STEP as SSH_KEYS
from guestseal.guest.shadow import ShadowEntry, entry
from guestseal.machine.crypt import SHA512, YESCRYPT, hash_password, verify
from guestseal.settings import Settings

pytestmark = needs_root

SECRET = b"S3cret: with=blanks and %$"


def shadow(vm: CloneTree, name: str = "root") -> ShadowEntry:
    found = entry(vm.read("/etc/shadow").encode(), name)
    assert found is not None
    return found


def test_the_password_is_set_dated_and_to_be_acknowledged(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    before = read(tmp_path)
    result = vm.run(STEP, password=SECRET)
    assert (result.changed, result.acknowledge, result.detail) == (True, True, "set for root")
    assert verify(SECRET, shadow(vm).password)
    assert not verify(TEMPLATE_PASSWORD, shadow(vm).password)
    assert shadow(vm).last_change == str(TODAY)
    after = read(tmp_path)
    assert isinstance(after["/etc/shadow"], File)
    assert after["/etc/shadow"] == File(after["/etc/shadow"].content, 0o640, (0, 42))
    assert {**after, "/etc/shadow": before["/etc/shadow"]} == before


def test_every_other_line_keeps_its_bytes(tmp_path: Path) -> None:
    odd = SHADOW + "no colon\n\nroot:second:::::::\nl\udcff:x:::::::\n-netgroup:::::::"
    vm = clone_tree(tmp_path, {"/etc/shadow": File(odd, 0o600)})
    vm.run(STEP, password=SECRET)
    content = Path(f"{tmp_path}/etc/shadow").read_bytes()
    assert content.split(b"\n")[1:] == odd.encode("utf-8", "surrogateescape").split(b"\n")[1:]


@pytest.mark.parametrize(
    "password",
    [
        *(b"x\nann:pw", b"a:b", b" both ends ", b"-n", b"--help", b"*", b"!", b"$6$abc$def", b"RANDOM"),
        *(b"q'\"`$(id)\\", "비밀번호".encode(), b"1", b"x" * 511),
    ],
)
def test_a_password_is_taken_literally(tmp_path: Path, password: bytes) -> None:
    vm = clone_tree(tmp_path)
    vm.run(STEP, password=password)
    assert verify(password, shadow(vm).password)
    assert vm.read("/etc/shadow").split("\n")[1:] == SHADOW.split("\n")[1:]


@pytest.mark.parametrize("password", [b"", b"a\0b", b"x" * 4096])
def test_what_crypt_refuses_changes_nothing(tmp_path: Path, password: bytes) -> None:
    vm = clone_tree(tmp_path)
    before = fingerprint(tmp_path)
    with pytest.raises(CommandError):
        vm.run(STEP, password=password)
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize(
    ("defs", "method"),
    [
        (File("ENCRYPT_METHOD SHA512\n"), "$6$"),
        (File("#ENCRYPT_METHOD YESCRYPT\n"), "$6$"),
        (File(" ENCRYPT_METHOD\tYESCRYPT\n"), "$y$"),
        (None, "$6$"),
    ],
)
def test_the_method_is_the_one_login_defs_asks_for(tmp_path: Path, defs: File | None, method: str) -> None:
    vm = clone_tree(tmp_path, {"/etc/login.defs": defs})
    vm.run(STEP, password=SECRET)
    assert shadow(vm).password.startswith(method)
    assert verify(SECRET, shadow(vm).password)


def test_a_replayed_password_does_not_undo_what_the_user_chose(tmp_path: Path) -> None:
    """A router that took over, a drive that keeps the password, a lost acknowledgement."""
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, password=SECRET)
    vm.run(STEP, password=b"the user's", memory=first.memory)
    before = fingerprint(tmp_path)
    again = vm.run(STEP, password=SECRET, memory=first.memory)
    assert (again.changed, again.acknowledge, again.memory) == (False, True, first.memory)
    assert fingerprint(tmp_path) == before


def test_a_new_password_is_set_on_any_boot(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, password=SECRET)
    second = vm.run(STEP, password=b"reset", memory=first.memory)
    assert second.changed
    assert verify(b"reset", shadow(vm).password)
    assert verify(b"reset", second.memory["digest"])


def test_a_password_whose_state_was_lost_is_acknowledged_and_not_hashed_again(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    first = vm.run(STEP, password=SECRET)
    before = fingerprint(tmp_path)
    again = vm.run(STEP, password=SECRET)
    assert (again.changed, again.acknowledge, again.memory) == (False, True, first.memory)
    assert fingerprint(tmp_path) == before


def test_a_change_that_is_demanded_ends_even_for_the_same_password(tmp_path: Path) -> None:
    """The platform's password may be the template's own."""
    vm = clone_tree(tmp_path)
    assert vm.run(STEP, password=TEMPLATE_PASSWORD).changed
    assert shadow(vm).last_change == str(TODAY)


@pytest.mark.parametrize(("day", "date"), [(0, ""), (1, ""), (18261, ""), (18262, "18262"), (40000, "40000")])
def test_a_clock_from_before_2020_dates_nothing(tmp_path: Path, day: float, date: str) -> None:
    """An empty date: no change demanded, no ageing. shadow(5)."""
    vm = clone_tree(tmp_path)
    vm.day = day
    vm.run(STEP, password=SECRET)
    assert shadow(vm).last_change == date


@pytest.mark.parametrize(
    ("day", "end", "left"),
    [
        *((TODAY, "0", ""), (TODAY, "1", ""), (TODAY, str(TODAY - 1), "")),
        *((TODAY, str(TODAY + 1), str(TODAY + 1)), (0, "1", ""), (0, str(TODAY), str(TODAY))),
    ],
)
def test_only_an_end_of_the_account_that_has_passed_is_taken_away(
    tmp_path: Path, day: float, end: str, left: str
) -> None:
    vm = clone_tree(tmp_path, {"/etc/shadow": File(f"root:!:19000:0:90:7:14:{end}:\n", 0o640)})
    vm.day = day
    vm.run(STEP, password=SECRET)
    assert shadow(vm).rest == ("0", "90", "7", "14", left, "")


@pytest.mark.parametrize("content", [None, "", "daemon:*:1:::::::\n", "+root::::::::\n"])
def test_without_an_entry_nothing_is_set(tmp_path: Path, content: str | None) -> None:
    vm = clone_tree(tmp_path, {"/etc/shadow": None if content is None else File(content, 0o640)})
    before = fingerprint(tmp_path)
    with pytest.raises(GuestError, match="nothing was set; pwconv"):
        vm.run(STEP, password=SECRET)
    assert fingerprint(tmp_path) == before


def test_a_linked_shadow_file_is_left_alone(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, {"/etc/shadow": Link("elsewhere"), "/etc/elsewhere": File(SHADOW, 0o640)})
    before = fingerprint(tmp_path)
    with pytest.raises(GuestError, match="/etc/shadow"):
        vm.run(STEP, password=SECRET)
    assert fingerprint(tmp_path) == before


def test_an_account_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, account="ubuntu")
    with pytest.raises(GuestError, match="no account ubuntu"):
        vm.run(STEP, password=SECRET)


def test_another_account_can_be_the_one(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, account="ann")
    vm.run(STEP, password=SECRET)
    assert verify(SECRET, shadow(vm, "ann").password)
    assert shadow(vm).password == TEMPLATE_HASH


@pytest.mark.parametrize(
    ("config", "account", "said"),
    [
        ("", "root", "PermitRootLogin prohibit-password"),
        ("PermitRootLogin no\n", "root", "PermitRootLogin no"),
        ("PermitRootLogin yes\nPasswordAuthentication no\n", "root", "PasswordAuthentication no"),
        ("PermitRootLogin yes\n", "root", None),
        ("", "ann", None),
    ],
)
def test_a_password_that_sshd_does_not_take_is_a_warning(
    tmp_path: Path, config: str, account: str, said: str | None
) -> None:
    vm = clone_tree(tmp_path, {"/etc/ssh/sshd_config": File(config)}, account=account)
    warnings = vm.run(STEP, password=SECRET).warnings
    assert [said is not None and said in warning for warning in warnings] == [True] * (said is not None)


def test_without_an_sshd_there_is_nothing_to_warn_of(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, {"/etc/ssh/sshd_config": None, "/usr/sbin/sshd": None})
    assert vm.run(STEP, password=SECRET).warnings == ()


def test_nothing_offered_changes_nothing(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    before = fingerprint(tmp_path)
    result = vm.run(STEP, ssh_keys=(), memory={"digest": "x"})
    assert (result.changed, result.acknowledge, result.memory) == (False, False, {"digest": "x"})
    assert fingerprint(tmp_path) == before


def test_the_password_is_nowhere_but_in_the_hash(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """No program is started, so that no argument and no environment can hold it."""
    caplog.set_level(logging.DEBUG)
    vm = clone_tree(tmp_path)

    def personalise() -> str:
        programs: list[str] = []
        sys.addaudithook(lambda event, words: programs.append(str(words)) if event == "subprocess.Popen" else None)
        clone = vm.clone(password=SECRET)
        said = [repr(clone), repr(STEP.run(clone)), *programs]
        return "\n".join(said)

    said = in_child(personalise)
    assert SECRET.decode() not in said
    assert "subprocess" not in said
    assert SECRET not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert SECRET.decode() not in caplog.text


def test_a_power_cut_anywhere_costs_no_password(tmp_path: Path) -> None:
    cut = 0
    for vm in every_cut(clone_tree, lambda vm: vm.run(STEP, password=SECRET), tmp_path):
        cut += 1
        standing = shadow(vm).password
        assert standing == TEMPLATE_HASH or verify(SECRET, standing)
        assert vm.run(STEP, password=SECRET).acknowledge
        assert verify(SECRET, shadow(vm).password)
        assert vm.read("/etc/shadow").split("\n")[1:] == SHADOW.split("\n")[1:]
        assert vm.leftovers() == []
    assert cut >= 5


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


# A password that another one was preferred to

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


def test_a_full_disk_leaves_the_old_password(tmp_path: Path) -> None:
    def run() -> str:
        vm = on_full_disk(tmp_path)
        before = read(tmp_path)
        with pytest.raises(GuestError, match="No space left"):
            vm.run(STEP, password=SECRET)
        return str(read(tmp_path) == before)

    assert in_child(run, namespaces=NEW_MOUNTS) == "True"


def test_two_accounts_set_at_once_lose_neither(tmp_path: Path) -> None:
    """Both hold the lock of passwd(1) while they read and write."""
    vms = [clone_tree(tmp_path), CloneTree(tmp_path, Settings(account="ann"))]
    for number in range(10):
        passwords = [f"{vm.settings.account}{number}".encode() for vm in vms]
        at_once(*(partial(vm.run, STEP, password=password) for vm, password in zip(vms, passwords)))
        assert [verify(word, shadow(vms[0], name).password) for word, name in zip(passwords, ("root", "ann"))] == [
            True
        ] * 2


# A hash in place of a password


def hash_of(password: bytes, method: str = SHA512) -> bytes:
    return hash_password(password, method).encode()


GIVEN = hash_of(SECRET)


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


@pytest.mark.parametrize("given", [b"", b"*", b"!", b"x", GIVEN[:-1], GIVEN + b":0:0", GIVEN + b"\nann:", b"$9$a$b"])
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


# Keys without a password


def with_keys(path: Path, changes: dict[str, Entry | None] | None = None, **settings: str) -> CloneTree:
    vm = clone_tree(path, changes, **settings)
    vm.run(SSH_KEYS, ssh_keys=KEYS)
    return vm


def test_keys_without_a_password_disable_the_one_all_clones_share(tmp_path: Path) -> None:
    vm = with_keys(tmp_path)
    result = vm.run(STEP, ssh_keys=KEYS)
    assert (result.changed, result.acknowledge, result.warnings) == (True, False, ())
    assert (shadow(vm).password, shadow(vm).last_change) == ("*", str(TODAY))
    assert vm.read("/etc/shadow").split("\n")[1:] == SHADOW.split("\n")[1:]


def test_they_do_so_once(tmp_path: Path) -> None:
    """Whoever demands a change after that (chage -d 0) means it."""
    vm = with_keys(tmp_path)
    first = vm.run(STEP, ssh_keys=KEYS)
    vm.path.joinpath("etc/shadow").write_text(SHADOW)
    before = fingerprint(tmp_path)
    second = vm.run(STEP, ssh_keys=KEYS, memory=first.memory)
    assert (second.changed, second.memory) == (False, first.memory)
    assert fingerprint(tmp_path) == before


def test_they_never_undo_a_password_that_the_platform_set(tmp_path: Path) -> None:
    vm = with_keys(tmp_path)
    first = vm.run(STEP, password=SECRET, ssh_keys=KEYS)
    assert verify(SECRET, shadow(vm).password)
    vm.path.joinpath("etc/shadow").write_text(SHADOW)
    assert not vm.run(STEP, ssh_keys=KEYS, memory=first.memory).changed


def test_a_password_can_follow(tmp_path: Path) -> None:
    vm = with_keys(tmp_path)
    first = vm.run(STEP, ssh_keys=KEYS)
    assert vm.run(STEP, ssh_keys=KEYS, password=SECRET, memory=first.memory).acknowledge
    assert verify(SECRET, shadow(vm).password)


def test_the_setting_keep_keeps_both(tmp_path: Path) -> None:
    vm = with_keys(tmp_path, keys_without_password="keep")
    before = fingerprint(tmp_path)
    assert not vm.run(STEP, ssh_keys=KEYS).changed
    assert fingerprint(tmp_path) == before


def test_a_password_that_somebody_chose_stays(tmp_path: Path) -> None:
    vm = with_keys(tmp_path, {"/etc/shadow": File(SHADOW.replace(":0:0:", ":19999:0:"), 0o640)})
    before = fingerprint(tmp_path)
    assert vm.run(STEP, ssh_keys=KEYS) == Result(False, "the platform offers no password")
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"/etc/ssh/sshd_config": File("PermitRootLogin no\n")}, "takes no key of root's"),
        ({"/etc/ssh/sshd_config": File("PermitRootLogin forced-commands-only\n")}, "takes no key of root's"),
        ({"/etc/ssh/sshd_config": File("AuthorizedKeysFile none\n")}, "reads no file of keys"),
        ({"/etc/ssh/sshd_config": None, "/usr/sbin/sshd": None}, "no sshd"),
        ({"/root": Dir(0o770)}, "chmod go-w"),
        ({"/root": Dir(0o700, ANN)}, "chown"),
        ({"/root/.ssh/authorized_keys": Link("/etc/passwd")}, "none of the platform's keys stands"),
        ({"/root/.ssh": Link("/home/ann", ANN), "/home/ann/authorized_keys": File(KEYS[0], owner=ANN)}, "chown"),
    ],
)
def test_nobody_is_locked_out_when_the_keys_open_nothing(
    tmp_path: Path, changes: dict[str, Entry | None], why: str
) -> None:
    vm = clone_tree(tmp_path, changes)
    with suppress(GuestError):
        vm.run(SSH_KEYS, ssh_keys=KEYS)
    before = fingerprint(tmp_path)
    result = vm.run(STEP, ssh_keys=KEYS)
    assert not result.changed
    assert [why in warning for warning in result.warnings] == [True]
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize("line", ["", "# {}", 'command="true" {}', 'from="10.0.0.1" {}', "ssh-rsa {}"])
def test_a_key_that_only_seems_to_stand_there_does_not_count(tmp_path: Path, line: str) -> None:
    content = line.format(KEYS[0]) + "\n"
    vm = clone_tree(tmp_path, {"/root/.ssh": Dir(0o700), "/root/.ssh/authorized_keys": File(content, 0o600)})
    assert not vm.run(STEP, ssh_keys=KEYS[:1]).changed
    assert shadow(vm).must_change


@pytest.mark.parametrize("pam", ["yes", "no"])
def test_a_real_sshd_lets_the_key_in_once_the_password_is_disabled(tmp_path: Path, pam: str) -> None:
    """And with PAM not before: the change that the seal demands stops logins with keys as well."""
    if not all(map(os.path.exists, ("/usr/sbin/sshd", "/etc/pam.d/sshd", "/usr/bin/ssh"))):
        pytest.skip("no sshd with PAM here")

    def run() -> str:
        vm = clone_tree(tmp_path / "vm", {"/etc/passwd": File(Path("/etc/passwd").read_bytes())})
        key = str(tmp_path / "key")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        public = Path(f"{key}.pub").read_text(encoding="ascii").strip()
        vm.run(SSH_KEYS, ssh_keys=(public,))
        before = logs_in(vm, key, pam)
        assert vm.run(STEP, ssh_keys=(public,)).changed
        return f"{before} {logs_in(vm, key, pam)}"

    assert in_child(run, namespaces=NEW_MOUNTS) == {"yes": "False True", "no": "True True"}[pam]


def logs_in(vm: CloneTree, key: str, pam: str) -> bool:
    """Whether ``key`` opens root's account under the clone's shadow file and root's home."""
    for name in ("/etc/shadow", "/root"):
        subprocess.run(["mount", "--bind", f"{vm.path}{name}", name], check=True)
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    options = [f"HostKey={key}", f"UsePAM={pam}", "PidFile=none", "AuthorizedKeysFile=.ssh/authorized_keys"]
    words = ["-F", "none", "-i", key, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]
    # sshd -i talks on its standard input: no port, and nothing to wait for.
    server = " ".join(["/usr/sbin/sshd", "-i", "-f", "/dev/null", *(f"-o {option}" for option in options)])
    command = ["ssh", *words, "-o", "BatchMode=yes", "-o", f"ProxyCommand={server}", "root@clone", "true"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    for name in ("/root", "/etc/shadow"):
        subprocess.run(["umount", name], check=True)
    return done.returncode == 0
