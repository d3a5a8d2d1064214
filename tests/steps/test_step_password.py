"""The password step on real trees, with the real crypt(3)."""

from __future__ import annotations

import logging
import sys
from functools import partial
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, at_once, every_cut, in_child
from support.clones import (
    SHADOW,
    TEMPLATE_HASH,
    TEMPLATE_PASSWORD,
    TODAY,
    CloneTree,
    clone_tree,
    needs_root,
    on_full_disk,
)
from support.passwords import SECRET, shadow
from support.trees import File, Link, fingerprint, read

from guestseal.errors import CommandError, GuestError
from guestseal.firstboot.steps.network.password import STEP
from guestseal.machine.crypt import verify
from guestseal.settings import Settings

pytestmark = needs_root


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
