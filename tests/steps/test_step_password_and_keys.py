"""Keys without a password: what becomes of the one that all clones share."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.clones import (
    ANN,
    KEYS,
    SHADOW,
    TODAY,
    CloneTree,
    clone_tree,
    needs_root,
)
from support.passwords import SECRET, shadow
from support.trees import Dir, Entry, File, Link, fingerprint

from guestseal.errors import GuestError
from guestseal.firstboot.step import Result
from guestseal.firstboot.steps.network.password import STEP
from guestseal.firstboot.steps.network.ssh_keys import STEP as SSH_KEYS
from guestseal.machine.crypt import verify

pytestmark = needs_root


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
