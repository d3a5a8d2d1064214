"""The host-keys step on real trees, with the real ssh-keygen and, where there is one, the real sshd."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, every_cut, in_child
from support.clones import CloneTree, clone_tree, needs_root, on_full_disk
from support.trees import Dir, Entry, File, Link, fingerprint, read

from guestseal.errors import CommandError, GuestError
from guestseal.firstboot.step import Clone, Result
from guestseal.firstboot.steps.local.host_keys import STEP
from guestseal.machine.commands import Commands

pytestmark = [
    needs_root,
    pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="makes real keys"),
]

TYPES = ("ed25519", "ecdsa", "rsa")
DEFAULT = [f"/etc/ssh/ssh_host_{kind}_key" for kind in TYPES]
QUICK: dict[str, Entry] = {
    "/etc/ssh/sshd_config": File("HostKey /etc/ssh/ssh_host_ecdsa_key\nHostKey /etc/ssh/ssh_host_ed25519_key\n")
}
QUICK_KEYS = DEFAULT[:2]
OLD = "the template's\n"


def old_keys(paths: list[str] = DEFAULT) -> dict[str, Entry]:
    """Keys of the template, as they lie there when the seal left them."""
    private = {path: File(OLD, 0o600) for path in paths}
    return {**private, **{f"{path}.pub": File(f"public of {OLD}") for path in paths}}


def keygen(vm: CloneTree, path: str, *options: str) -> str:
    command = ["ssh-keygen", *options, "-f", f"{vm.path}{path}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def assert_pair(vm: CloneTree, path: str, *, group: int = 0, mode: int = 0o600) -> None:
    """``path`` is a whole pair with the right owners and modes."""
    copy = vm.path / "copy"  # ssh-keygen reads no private key that a group may read
    copy.write_text(vm.read(path))
    copy.chmod(0o600)
    assert keygen(vm, "/copy", "-y").split()[:2] == vm.read(f"{path}.pub").split()[:2]
    copy.unlink()
    private, public = vm.entry(path), vm.entry(f"{path}.pub")
    assert isinstance(private, File)
    assert isinstance(public, File)
    assert (private.mode, private.owner) == (mode, (0, group))
    assert (public.mode, public.owner) == (0o644, (0, 0))


def run_with(vm: CloneTree, directory: Path, script: str | None) -> Result:
    """Run the step with ``script`` for an ssh-keygen; None: with none at all."""
    directory.mkdir()
    if script is not None:
        program = directory / "ssh-keygen"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    return STEP.run(with_path(vm.clone(), directory))


def with_path(clone: Clone, directory: Path) -> Clone:
    clone.machine.commands = Commands({"PATH": str(directory)})
    return clone


REAL = f'exec {shutil.which("ssh-keygen")} "$@"'


def test_every_default_key_is_made_ed25519_first_and_rsa_last(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path)
    result = vm.run(STEP)
    assert (result.changed, result.detail, result.warnings) == (True, "made ed25519, ecdsa, rsa", ())
    for path in DEFAULT:
        assert_pair(vm, path)
    prints = {path: keygen(vm, f"{path}.pub", "-l").split()[1] for path in DEFAULT}
    assert result.memory == prints
    times = [vm.path.joinpath(path[1:]).stat().st_mtime_ns for path in DEFAULT]
    assert times == sorted(times)
    assert vm.leftovers() == []
    made = {*DEFAULT, *(f"{path}.pub" for path in DEFAULT)}
    assert {path for path in read(tmp_path) if path.startswith("/etc/ssh/")} == {*made, "/etc/ssh/sshd_config"}


def test_public_keys_hold_no_comment(tmp_path: Path) -> None:
    """ssh-keygen would write root@ and the template's host name."""
    vm = clone_tree(tmp_path, QUICK)
    vm.run(STEP)
    assert [len(vm.read(f"{path}.pub").split()) for path in QUICK_KEYS] == [2, 2]


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
def test_the_umask_changes_no_mode(tmp_path: Path, umask: int) -> None:
    vm = clone_tree(tmp_path, QUICK)
    before = os.umask(umask)
    try:
        vm.run(STEP)
    finally:
        os.umask(before)
    for path in QUICK_KEYS:
        assert_pair(vm, path)


def test_keys_of_the_template_are_replaced(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, old_keys())
    result = vm.run(STEP)
    assert list(result.memory) == DEFAULT
    for path in DEFAULT:
        assert_pair(vm, path)


def test_two_clones_share_no_key(tmp_path: Path) -> None:
    first, second = (clone_tree(tmp_path / name, QUICK).run(STEP).memory for name in "ab")
    assert not set(first.values()) & set(second.values())


def test_sshd_takes_them(tmp_path: Path) -> None:
    sshd = next((path for path in ("/usr/sbin/sshd", "/usr/bin/sshd") if os.path.exists(path)), None)
    if sshd is None:
        pytest.skip("no sshd here")
    vm = clone_tree(tmp_path)
    vm.run(STEP)
    os.makedirs("/run/sshd", exist_ok=True)
    config = tmp_path / "config"
    config.write_text("".join(f"HostKey {tmp_path}{path}\n" for path in DEFAULT))
    done = subprocess.run([sshd, "-t", "-f", str(config)], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_keys_are_made_where_sshd_reads_them(tmp_path: Path) -> None:
    config = "HostKey /data/keys/mine\nHostKey /data/keys/host_rsa\n"
    changes: dict[str, Entry] = {"/etc/ssh/sshd_config": File(config), "/data/keys": Dir(0o750)}
    vm = clone_tree(tmp_path, changes)
    vm.run(STEP)
    for path in ("/data/keys/mine", "/data/keys/host_rsa"):
        assert_pair(vm, path)
    assert vm.read("/data/keys/mine.pub").startswith("ssh-ed25519 ")
    assert vm.entry("/data/keys") == Dir(0o750)
    assert vm.entry(DEFAULT[0]) is None


def test_a_link_to_where_keys_are_kept_stays_one(tmp_path: Path) -> None:
    changes: dict[str, Entry] = {**QUICK, QUICK_KEYS[0]: Link("/data/key"), "/data/key": File(OLD, 0o600)}
    vm = clone_tree(tmp_path, changes)
    vm.run(STEP)
    assert vm.entry(QUICK_KEYS[0]) == Link("/data/key")
    assert_pair(vm, "/data/key")


def test_a_set_group_id_keysign_gives_keys_to_its_group(tmp_path: Path) -> None:
    """Enterprise Linux 8 and 9: ssh_keys; host-based logins read the keys through it."""
    vm = clone_tree(tmp_path, {**QUICK, "/usr/libexec/openssh/ssh-keysign": File("", 0o2555, (0, 990))})
    vm.run(STEP)
    assert_pair(vm, QUICK_KEYS[0], group=990, mode=0o640)


@pytest.mark.parametrize(("mode", "group"), [(0o4755, 0), (0o755, 990), (0o2755, 0)])
def test_any_other_keysign_does_not(tmp_path: Path, mode: int, group: int) -> None:
    vm = clone_tree(tmp_path, {**QUICK, "/usr/libexec/openssh/ssh-keysign": File("", mode, (0, group))})
    vm.run(STEP)
    assert_pair(vm, QUICK_KEYS[0])


# Once made, they belong to the machine


def test_the_next_boots_change_nothing(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, QUICK)
    first = vm.run(STEP)
    before = fingerprint(tmp_path)
    second = vm.run(STEP, memory=first.memory)
    assert (second.changed, second.memory) == (False, first.memory)
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize("broken", [None, File("", 0o600)])
def test_run_once_more_only_what_is_missing_or_empty_is_made(tmp_path: Path, broken: File | None) -> None:
    vm = clone_tree(tmp_path, QUICK)
    first = vm.run(STEP)
    vm.path.joinpath(QUICK_KEYS[0][1:]).unlink()
    if broken is not None:
        vm.path.joinpath(QUICK_KEYS[0][1:]).touch(0o600)
    kept = vm.entry(QUICK_KEYS[1])
    second = vm.run(STEP, memory=first.memory)
    assert second.changed
    assert vm.entry(QUICK_KEYS[1]) == kept
    assert_pair(vm, QUICK_KEYS[0])
    assert second.memory[QUICK_KEYS[1]] == first.memory[QUICK_KEYS[1]]
    assert second.memory[QUICK_KEYS[0]] != first.memory[QUICK_KEYS[0]]


# What can go wrong


def test_a_type_that_fails_is_a_warning_and_the_templates_key_of_that_type_goes(tmp_path: Path) -> None:
    """FIPS mode knows no ed25519."""
    vm = clone_tree(tmp_path / "vm", {**QUICK, **old_keys(QUICK_KEYS)})
    script = f'[ "$3" = ed25519 ] && {{ echo "not allowed in FIPS mode" >&2; exit 255; }}\n{REAL}'
    result = run_with(vm, tmp_path / "bin", script)
    assert result.changed
    assert [warning.startswith("no ed25519 host key, and the template's removed:") for warning in result.warnings] == [
        True
    ]
    assert "FIPS" in result.warnings[0]
    assert vm.entry(QUICK_KEYS[0]) is None
    assert vm.entry(f"{QUICK_KEYS[0]}.pub") is None
    assert_pair(vm, QUICK_KEYS[1])
    assert vm.leftovers() == []


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("exit 1", CommandError),
        ("exit 0", GuestError),
        ("for name; do :; done; : > $name", GuestError),
        ("for name; do :; done; : > $name; : > $name.pub", GuestError),
        ('for name; do :; done; echo x > $name; echo "ssh-ed25519 AAAA" > $name.pub', GuestError),
        ("kill -9 $$", CommandError),
    ],
)
def test_an_ssh_keygen_that_makes_nothing_of_use_leaves_all_as_it_was(
    tmp_path: Path, script: str, error: type[Exception]
) -> None:
    vm = clone_tree(tmp_path / "vm", {**QUICK, **old_keys(QUICK_KEYS)})
    before = read(vm.path)
    with pytest.raises(error):
        run_with(vm, tmp_path / "bin", script)
    assert read(vm.path) == before


def test_no_ssh_keygen_and_no_sshd_is_no_error_and_no_key_waits_for_an_sshd(tmp_path: Path) -> None:
    gone: dict[str, Entry | None] = {"/etc/ssh/sshd_config": None, "/usr/sbin/sshd": None}
    vm = clone_tree(tmp_path / "vm", {**gone, **old_keys(DEFAULT[:1])})
    result = run_with(vm, tmp_path / "bin", None)
    assert (result.changed, result.detail) == (True, "sshd is not installed")
    assert len(result.warnings) == 1
    assert [vm.entry(path) for path in (DEFAULT[0], f"{DEFAULT[0]}.pub")] == [None, None]


def test_no_ssh_keygen_with_an_sshd_is_one(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path / "vm")
    with pytest.raises(CommandError, match="ssh-keygen: not run: No such file"):
        run_with(vm, tmp_path / "bin", None)


def test_without_an_sshd_the_keys_are_made_for_one_that_comes_later(tmp_path: Path) -> None:
    gone: dict[str, Entry | None] = {"/etc/ssh/sshd_config": None, "/usr/sbin/sshd": None, "/etc/ssh": Dir()}
    client_only = clone_tree(tmp_path / "client", gone)
    assert list(client_only.run(STEP).memory) == DEFAULT
    assert_pair(client_only, DEFAULT[0])


def test_without_a_place_for_keys_nothing_is_made(tmp_path: Path) -> None:
    vm = CloneTree(tmp_path)
    (tmp_path / "etc").mkdir()
    before = fingerprint(tmp_path)
    assert not vm.run(STEP).changed
    assert fingerprint(tmp_path) == before


def test_dsa_is_never_made_and_the_templates_goes(tmp_path: Path) -> None:
    dsa = "/etc/ssh/ssh_host_dsa_key"
    config = File(f"HostKey {dsa}\nHostKey {DEFAULT[0]}\n")
    vm = clone_tree(tmp_path, {"/etc/ssh/sshd_config": config, **old_keys([dsa])})
    result = vm.run(STEP)
    assert list(result.memory) == DEFAULT[:1]
    assert "DSA" in result.warnings[0]
    assert vm.entry(dsa) is None
    assert vm.entry(f"{dsa}.pub") is None


def test_a_directory_that_is_missing_costs_its_key_only(tmp_path: Path) -> None:
    config = File(f"HostKey /data/not-mounted/host_rsa\nHostKey {DEFAULT[0]}\n")
    result = clone_tree(tmp_path, {"/etc/ssh/sshd_config": config}).run(STEP)
    assert list(result.memory) == DEFAULT[:1]
    assert "its directory does not exist" in result.warnings[0]


def test_a_key_on_a_mount_that_is_not_the_guests_is_left_alone(tmp_path: Path) -> None:
    config = File(f"HostKey /run/keys/host_rsa\nHostKey {DEFAULT[0]}\n")

    def run() -> str:
        vm = clone_tree(tmp_path, {"/etc/ssh/sshd_config": config, "/run/keys": Dir()})
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(tmp_path / "run")], check=True)
        (tmp_path / "run/keys").mkdir()
        (tmp_path / "run/keys/host_rsa").write_text(OLD)
        (warning,) = vm.run(STEP).warnings
        return f"{(tmp_path / 'run/keys/host_rsa').read_text()}{warning}"

    said = in_child(run, namespaces=NEW_MOUNTS)
    assert said.startswith(f"{OLD}no host key at /run/keys/host_rsa: /run: not entered: on a tmpfs")


def test_a_directory_in_a_keys_place_is_not_removed(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, {**QUICK, f"{QUICK_KEYS[1]}/precious": File("x")})
    result = vm.run(STEP)
    assert list(result.memory) == QUICK_KEYS[:1]
    assert vm.read(f"{QUICK_KEYS[1]}/precious") == "x"
    assert vm.leftovers() == []


def test_a_certificate_of_the_templates_key_is_a_warning(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, {**QUICK, f"{QUICK_KEYS[0]}-cert.pub": File("x")})
    assert [f"{QUICK_KEYS[0]}-cert.pub certifies" in text for text in vm.run(STEP).warnings] == [True]


def test_the_work_of_a_boot_that_was_cut_is_cleared_away(tmp_path: Path) -> None:
    half = {"/etc/ssh/.guestseal-staging/ssh_host_ed25519_key": File("half", 0o600)}
    vm = clone_tree(tmp_path, {**QUICK, **half})
    vm.run(STEP)
    assert vm.leftovers() == []


def test_S4_a_power_cut_anywhere_is_made_good_by_the_next_boot(tmp_path: Path) -> None:
    cut = 0

    def make(path: Path) -> CloneTree:
        return clone_tree(path, {**QUICK, **old_keys(QUICK_KEYS)})

    for vm in every_cut(make, lambda vm: vm.run(STEP), tmp_path):
        cut += 1
        for path in QUICK_KEYS:  # at no moment is there no private key, or half of one
            if vm.read(path) != OLD:
                keygen(vm, path, "-y")
        vm.run(STEP)
        for path in QUICK_KEYS:
            assert_pair(vm, path)
        assert vm.leftovers() == []
        assert set(read(vm.path)) == set(read(tmp_path / "1"))
    assert cut >= 20


def test_a_full_disk_leaves_the_keys_that_are_there(tmp_path: Path) -> None:
    def run() -> str:
        vm = on_full_disk(tmp_path, {**QUICK, **old_keys(QUICK_KEYS)})
        before = read(tmp_path)
        with pytest.raises(CommandError):
            vm.run(STEP)
        return str(read(tmp_path) == before)

    assert in_child(run, namespaces=NEW_MOUNTS) == "True"


def test_private_keys_are_never_readable_for_others_on_the_way(tmp_path: Path) -> None:
    """Every cut shows one moment: what is there then must be root's alone."""
    for vm in every_cut(lambda path: clone_tree(path, QUICK), lambda vm: vm.run(STEP), tmp_path):
        for path in vm.path.joinpath("etc/ssh").rglob("*"):
            if path.name.endswith("_key"):
                assert stat.S_IMODE(path.lstat().st_mode) & 0o077 == 0


def test_the_local_stage_imports_nothing_heavy(tmp_path: Path) -> None:
    """It runs before sysinit.target on every boot, and those libraries may not even be there yet."""
    clone_tree(tmp_path, QUICK)
    program = (
        "import sys; from support.clones import CloneTree; from pathlib import Path\n"
        "before = set(sys.modules)\n"
        "import guestseal.firstboot.steps.local.host_keys as step\n"
        "CloneTree(Path(sys.argv[1])).run(step.STEP)\n"
        "print(*{'requests', 'psutil', 'netifaces', 'distro', 'urllib3', 'ctypes'} & set(sys.modules) - before)"
    )
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == ""
