"""The ssh-keys step on real trees."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, every_cut, in_child
from support.clones import ANN, KEYS, CloneTree, clone_tree, needs_root, on_full_disk
from support.trees import Dir, Entry, File, Hardlink, Link, fingerprint, read

from guestseal.errors import GuestError, Immutable, Unsafe
from guestseal.firstboot.step import Result
from guestseal.firstboot.steps.network.ssh_keys import STEP
from guestseal.guest.ssh.authorized_keys import BEGIN, END

pytestmark = needs_root

ROOTS = "/root/.ssh/authorized_keys"
ANNS = "/home/ann/.ssh/authorized_keys"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOtherOtherOtherOtherOtherOtherOtherOtherOther mine"


def block(*keys: str) -> str:
    return BEGIN.decode() + "".join(f"{key}\n" for key in keys) + END.decode()


def with_file(path: Path, content: str | bytes, mode: int = 0o600) -> CloneTree:
    return clone_tree(path, {"/root/.ssh": Dir(0o700), ROOTS: File(content, mode)})


def test_keys_get_a_file_that_only_root_reads(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    before = read(tmp_path)
    result = vm.run(STEP, ssh_keys=KEYS)
    assert result == Result(True, f"2 keys for root in {ROOTS}")
    assert read(tmp_path) == {**before, "/root/.ssh": Dir(0o700), ROOTS: File(block(*KEYS), 0o600)}


def test_another_account_owns_its_own(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, account="ann")
    before = read(tmp_path)
    assert vm.run(STEP, ssh_keys=KEYS[:1]).detail == f"1 key for ann in {ANNS}"
    made = {"/home/ann/.ssh": Dir(0o700, ANN), ANNS: File(block(KEYS[0]), 0o600, ANN)}
    assert read(tmp_path) == {**before, **made}


def test_the_same_keys_again_write_nothing(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    vm.run(STEP, ssh_keys=KEYS)
    before = fingerprint(tmp_path)
    assert not vm.run(STEP, ssh_keys=KEYS).changed
    assert fingerprint(tmp_path) == before


def test_the_platforms_keys_replace_each_other_in_place(tmp_path: Path) -> None:
    vm = with_file(tmp_path, f"{OTHER}\n{block(KEYS[0])}# mine\n")
    vm.run(STEP, ssh_keys=KEYS[1:])
    assert vm.read(ROOTS) == f"{OTHER}\n{block(KEYS[1])}# mine\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"{}"),
        (b"\n\n", b"\n\n{}"),
        (b"no newline", b"no newline\n{}"),
        (b"crlf\r\n\r\n", b"crlf\r\n\r\n{}"),
        (b"latin \xe9\xff\0\x1b[m\n", b"latin \xe9\xff\0\x1b[m\n{}"),
        (b"# BEGIN guestseal of old\n# END guestseal\nmine\n", b"{}mine\n"),
        (b"# BEGIN guestseal\na\n# END guestseal", b"{}"),
        (b"a\n# BEGIN guestseal\nb\n", b"a\n# BEGIN guestseal\nb\n{}"),
        (b"# END guestseal\na\n", b"# END guestseal\na\n{}"),
        (
            b"# BEGIN guestseal\nmine\n# BEGIN guestseal\nold\n# END guestseal\nc\n",
            b"# BEGIN guestseal\nmine\n{}c\n",
        ),
        (
            b"# BEGIN guestseal\n1\n# END guestseal\nmine\n# BEGIN guestseal\n2\n# END guestseal\nc\n",
            b"{}mine\nc\n",
        ),
        (b"x# BEGIN guestseal\nx\n# END guestseal\n", b"x# BEGIN guestseal\nx\n# END guestseal\n{}"),
        (b"# BEGIN guestsealed\nx\n# END guestseal\n", b"# BEGIN guestsealed\nx\n# END guestseal\n{}"),
    ],
)
def test_every_line_outside_the_block_keeps_its_bytes(tmp_path: Path, before: bytes, after: bytes) -> None:
    vm = with_file(tmp_path, before)
    vm.run(STEP, ssh_keys=KEYS)
    written = Path(f"{tmp_path}{ROOTS}").read_bytes()
    assert written == after.replace(b"{}", block(*KEYS).encode())
    assert not vm.run(STEP, ssh_keys=KEYS).changed


def test_an_authoritative_none_keeps_the_block(tmp_path: Path) -> None:
    vm = with_file(tmp_path, block(KEYS[0]))
    before = fingerprint(tmp_path)
    assert vm.run(STEP, ssh_keys=()) == Result(False, "the platform lists no keys; the block stays as it is")
    assert fingerprint(tmp_path) == before


def test_a_key_that_is_said_twice_is_written_once(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    vm.run(STEP, ssh_keys=(KEYS[0], KEYS[1], KEYS[0].replace("ann@example", "again")))
    assert vm.read(ROOTS) == block(*KEYS)


@pytest.mark.parametrize(
    "line",
    [
        *("", "x", "ssh-ed25519", f"{KEYS[0]}\n{OTHER}", f"{KEYS[0]}\r", f"{KEYS[0]}\0", f"{KEYS[0]} \x1b[2J"),
        *(f" {KEYS[0]}", f'command="rm -rf /" {KEYS[0]}', f"cert-authority {KEYS[0]}", f"# {KEYS[0]}"),
        *("-----BEGIN OPENSSH PRIVATE KEY-----", "ssh-ed25519 AAAA!!!! x", "ssh-ed25519 ==== x", "# END guestseal"),
        *(f"{KEYS[0]} \udcff", f"{KEYS[0]} \u2028{OTHER}"),
    ],
)
def test_what_is_no_plain_key_never_reaches_the_file(tmp_path: Path, line: str) -> None:
    """The sources have validated all of it: this is the last gate."""
    vm = clone_tree(tmp_path)
    result = vm.run(STEP, ssh_keys=(line, KEYS[1]))
    assert vm.read(ROOTS) == block(KEYS[1])
    assert result.warnings == ("1 of the platform's lines are no plain public keys: left out",)


def test_lines_of_which_none_is_a_key_keep_the_block(tmp_path: Path) -> None:
    vm = with_file(tmp_path, block(KEYS[0]))
    result = vm.run(STEP, ssh_keys=("<html>",))
    assert (result.changed, len(result.warnings)) == (False, 1)
    assert vm.read(ROOTS) == block(KEYS[0])


def test_ssh_keygen_reads_the_file(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    vm.run(STEP, ssh_keys=KEYS)
    done = subprocess.run(["ssh-keygen", "-l", "-f", f"{tmp_path}{ROOTS}"], capture_output=True, text=True, check=True)
    assert [line.split()[2] for line in done.stdout.splitlines()] == ["ann@example", "bob"]


# Where sshd reads


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ("AuthorizedKeysFile .ssh/keys", "/home/ann/.ssh/keys"),
        ("AuthorizedKeysFile %h/keys", "/home/ann/keys"),
        ("AuthorizedKeysFile .ssh/a .ssh/b", "/home/ann/.ssh/a"),
        ("AuthorizedKeysFile .ssh/%u-%U-100%%", "/home/ann/.ssh/ann-1000-100%"),
    ],
)
def test_a_file_in_the_home_directory_is_the_accounts(tmp_path: Path, config: str, path: str) -> None:
    vm = clone_tree(tmp_path, {"/etc/ssh/sshd_config": File(config)}, account="ann")
    vm.run(STEP, ssh_keys=KEYS)
    assert vm.entry(path) == File(block(*KEYS), 0o600, ANN)


def test_a_file_elsewhere_is_roots_and_can_be_read_by_sshd(tmp_path: Path) -> None:
    config = File("AuthorizedKeysFile /etc/ssh/keys/%u .ssh/authorized_keys")
    vm = clone_tree(tmp_path, {"/etc/ssh/sshd_config": config}, account="ann")
    assert vm.run(STEP, ssh_keys=KEYS).warnings == ()
    assert vm.entry("/etc/ssh/keys") == Dir(0o755)
    assert vm.entry("/etc/ssh/keys/ann") == File(block(*KEYS), 0o644)
    assert vm.entry("/home/ann/.ssh") is None


def test_no_file_at_all_is_a_warning(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, {"/etc/ssh/sshd_config": File("AuthorizedKeysFile none")})
    before = fingerprint(tmp_path)
    result = vm.run(STEP, ssh_keys=KEYS)
    assert (result.changed, len(result.warnings)) == (False, 1)
    assert fingerprint(tmp_path) == before


def test_a_token_that_is_not_known_is_an_error(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, {"/etc/ssh/sshd_config": File("AuthorizedKeysFile /keys/%x")})
    with pytest.raises(GuestError, match="%x is not known"):
        vm.run(STEP, ssh_keys=KEYS)


# Rights


@pytest.mark.parametrize(
    ("mode", "after"), [(0o777, 0o755), (0o755, 0o755), (0o730, 0o710), (0o500, 0o500), (0o6777, 0o755)]
)
def test_rights_of_others_to_write_are_taken_from_the_directory(tmp_path: Path, mode: int, after: int) -> None:
    """sshd refuses the keys otherwise; every other right is the owner's business."""
    vm = clone_tree(tmp_path, {"/root/.ssh": Dir(mode)})
    result = vm.run(STEP, ssh_keys=KEYS)
    assert result.warnings == ()
    assert vm.entry("/root/.ssh") == Dir(after)


@pytest.mark.parametrize(("mode", "after"), [(0o666, 0o644), (0o640, 0o640), (0o600, 0o600), (0o6662, 0o640)])
def test_and_from_the_file(tmp_path: Path, mode: int, after: int) -> None:
    vm = with_file(tmp_path, block(*KEYS), mode)
    assert vm.run(STEP, ssh_keys=KEYS).changed is (mode != after)
    assert vm.entry(ROOTS) == File(block(*KEYS), after)


def test_a_directory_of_another_accounts_keeps_its_rights(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, {"/home/ann/.ssh": Dir(0o777, (7, 7))}, account="ann")
    assert len(vm.run(STEP, ssh_keys=KEYS).warnings) == 1
    assert vm.entry("/home/ann/.ssh") == Dir(0o777, (7, 7))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"/home/ann": Dir(0o775, ANN)}, "/home/ann is writable for others"),
        ({"/home/ann": Dir(0o755, (7, 7))}, "/home/ann belongs to another account"),
        ({"/home/ann/.ssh": Dir(0o755, (7, 7))}, "/home/ann/.ssh belongs to another account"),
        ({"/home/ann/.ssh": Dir(0o700, ANN), ANNS: File("", 0o600)}, "cannot be read by ann"),
    ],
)
def test_what_makes_sshd_refuse_the_keys_is_a_warning(
    tmp_path: Path, changes: dict[str, Entry | None], why: str
) -> None:
    vm = clone_tree(tmp_path, changes, account="ann")
    result = vm.run(STEP, ssh_keys=KEYS)
    assert result.changed
    assert [why in warning for warning in result.warnings] == [True]


def test_roots_keys_that_permit_root_login_refuses_are_a_warning(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, {"/etc/ssh/sshd_config": File("PermitRootLogin no")})
    assert vm.run(STEP, ssh_keys=KEYS).warnings == ("sshd takes no key of root's: PermitRootLogin no",)


# Accounts and homes


def test_an_account_that_does_not_exist_is_an_error_that_says_so(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, account="ubuntu")
    before = fingerprint(tmp_path)
    with pytest.raises(GuestError, match=r"/etc/passwd: no account ubuntu; make it in the template"):
        vm.run(STEP, ssh_keys=KEYS)
    assert fingerprint(tmp_path) == before


def test_roots_home_is_made_and_nobody_elses(tmp_path: Path) -> None:
    root = clone_tree(tmp_path / "root", {"/root": None})
    root.run(STEP, ssh_keys=KEYS)
    assert root.entry("/root") == Dir(0o700)
    ann = clone_tree(tmp_path / "ann", {"/home/ann": None}, account="ann")
    before = fingerprint(ann.path)
    with pytest.raises(GuestError, match="home directory of ann does not exist"):
        ann.run(STEP, ssh_keys=KEYS)
    assert fingerprint(ann.path) == before


# Traps


@pytest.mark.parametrize(
    "changes",
    [
        {"/home/ann/.ssh": Link("/root/.ssh", ANN), "/root/.ssh": Dir(0o700)},
        {"/home/ann/.ssh": Link("/etc", ANN), "/etc/authorized_keys": File("x")},
        {"/home/ann/.ssh": Link("nowhere", ANN)},
        {"/home/ann/.ssh": File("x", owner=ANN)},
        {"/home/ann/.ssh": Dir(0o700, ANN), ANNS: Link("/etc/shadow", ANN)},
        {"/home/ann/.ssh": Dir(0o700, ANN), ANNS: Link("keys", ANN), "/home/ann/.ssh/keys": File("x", owner=ANN)},
        {"/home/ann/.ssh": Dir(0o700, ANN), ANNS: Link("nowhere", ANN)},
        {"/home/ann/.ssh": Dir(0o700, ANN), f"{ANNS}/file": File("x")},
        {"/home/ann/.ssh": Dir(0o700, ANN), ANNS: Hardlink("/etc/shadow")},
        {"/home/ann/.ssh": Dir(0o700, ANN), ANNS: File("x", 0o600, (7, 7))},
    ],
)
def test_nothing_is_written_through_what_is_no_plain_file(tmp_path: Path, changes: dict[str, Entry | None]) -> None:
    vm = clone_tree(tmp_path, changes, account="ann")
    before = fingerprint(tmp_path)
    with pytest.raises(GuestError):
        vm.run(STEP, ssh_keys=KEYS)
    assert fingerprint(tmp_path) == before


def test_a_second_name_is_told_apart_from_other_trouble(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, {"/root/.ssh": Dir(0o700), ROOTS: Hardlink("/etc/shadow")})
    with pytest.raises(Unsafe, match="second name"):
        vm.run(STEP, ssh_keys=KEYS)


def test_a_link_within_the_accounts_own_files_is_followed(tmp_path: Path) -> None:
    """Dotfiles kept in a repository: sshd follows such a link, too."""
    changes: dict[str, Entry | None] = {"/home/ann/.ssh": Link("dotfiles/ssh", ANN)}
    changes |= {"/home/ann/dotfiles": Dir(0o755, ANN), "/home/ann/dotfiles/ssh": Dir(0o700, ANN)}
    vm = clone_tree(tmp_path, changes, account="ann")
    assert vm.run(STEP, ssh_keys=KEYS).warnings == ()
    assert vm.entry("/home/ann/dotfiles/ssh/authorized_keys") == File(block(*KEYS), 0o600, ANN)


@pytest.mark.parametrize("what", [ROOTS, "/root/.ssh"])
def test_an_immutable_file_stays_as_it_is(tmp_path: Path, what: str) -> None:
    vm = with_file(tmp_path, "mine\n")
    path = f"{tmp_path}{what}"
    if shutil.which("chattr") is None or subprocess.run(["chattr", "+i", path], check=False).returncode:
        pytest.skip("no immutable files here")
    try:
        with pytest.raises(Immutable):
            vm.run(STEP, ssh_keys=KEYS)
    finally:
        subprocess.run(["chattr", "-i", path], check=True)
    assert vm.read(ROOTS) == "mine\n"
    assert vm.leftovers() == []


@pytest.mark.parametrize("content", [None, "mine\n"])
def test_a_power_cut_anywhere_is_made_good_by_the_next_boot(tmp_path: Path, content: str | None) -> None:
    cut = 0

    def make(path: Path) -> CloneTree:
        if content is None:
            return clone_tree(path, account="ann")
        return clone_tree(path, {"/home/ann/.ssh": Dir(0o700, ANN), ANNS: File(content, 0o600, ANN)}, account="ann")

    for vm in every_cut(make, lambda vm: vm.run(STEP, ssh_keys=KEYS), tmp_path):
        cut += 1
        there = vm.entry(ANNS)
        assert there in (
            None if content is None else File(content, 0o600, ANN),
            File((content or "") + block(*KEYS), 0o600, ANN),
        )
        vm.run(STEP, ssh_keys=KEYS)
        assert vm.entry(ANNS) == File((content or "") + block(*KEYS), 0o600, ANN)
        assert vm.entry("/home/ann/.ssh") == Dir(0o700, ANN)
        assert vm.leftovers() == []
    assert cut >= 4


@pytest.mark.parametrize("content", [None, "mine\n"])
def test_a_full_disk_leaves_the_file_as_it_is(tmp_path: Path, content: str | None) -> None:
    def run() -> str:
        there = {} if content is None else {ROOTS: File(content, 0o600)}
        vm = on_full_disk(tmp_path, {"/root/.ssh": Dir(0o700), **there})
        before = read(tmp_path)
        with pytest.raises(GuestError, match="No space left"):
            vm.run(STEP, ssh_keys=KEYS)
        return str(read(tmp_path) == before)

    assert in_child(run, namespaces=NEW_MOUNTS) == "True"
