"""Faults of the file that SSH keys are kept in: traps, protection, other places, labels, and no account.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Optional

import pytest
from support.children import NEW_HOSTNAME, NEW_MOUNTS, in_child
from support.clones import ANN, CloneTree, needs_root
from support.clouds import cloudstack
from support.first_boot import HOST_KEY, Outcome, as_the_running_system, boot, keys_in, password_is, sealed_clone
from support.machine import FakeCommands
from support.platforms import PASSWORD, WEB
from support.trees import Dir, Entry, File, Hardlink, Link

from guestseal.errors import CommandError
from guestseal.guest.ssh.authorized_keys import keys_of
from guestseal.machine.selinux import MOUNTED

pytestmark = needs_root

Changes = Mapping[str, Optional[Entry]]
ROOTS, ANNS = "/root/.ssh/authorized_keys", "/home/ann/.ssh/authorized_keys"
WANTED = keys_of("\n".join(WEB.ssh_keys).encode())


def personalised(clone: CloneTree, account: str = "root") -> Outcome:
    """Boot beside a router: whatever becomes of the keys, the name and the account's password are set."""
    with cloudstack(account=account) as cloud:
        outcome = boot(clone, cloud)
        assert not cloud.pending()
    assert clone.read("/etc/hostname") == "web\n"
    assert password_is(clone, PASSWORD, account)
    return outcome


def refused(clone: CloneTree, why: str, account: str = "root") -> None:
    """As ``personalised``: without its keys, which is an error that says why."""
    outcome = personalised(clone, account)
    assert outcome.status == "error"
    assert outcome.entries["ssh-keys"].outcome.value == "failed"
    assert why in outcome.entries["ssh-keys"].detail
    assert clone.leftovers() == []


# Traps


TRAPS: dict[str, tuple[Changes, str]] = {
    "no home": ({"/home/ann": None}, "the home directory of ann does not exist: make it"),
    "directory of root's": ({"/home/ann/.ssh": Link("/root/.ssh", ANN), "/root/.ssh": Dir(0o700)}, "/home/ann/.ssh"),
    "directory of the system's": ({"/home/ann/.ssh": Link("/etc", ANN)}, "/home/ann/.ssh"),
    "dangling directory": ({"/home/ann/.ssh": Link("nowhere", ANN)}, "neither a directory nor a link to one"),
    "no directory": ({"/home/ann/.ssh": File("x", owner=ANN)}, "/home/ann/.ssh"),
    "link": ({"/home/ann/.ssh": Dir(0o700, ANN), ANNS: Link("/etc/shadow", ANN)}, "not a regular file"),
    "dangling link": ({"/home/ann/.ssh": Dir(0o700, ANN), ANNS: Link("nowhere", ANN)}, "not a regular file"),
    "directory for a file": ({"/home/ann/.ssh": Dir(0o700, ANN), ANNS: Dir(0o700, ANN)}, "not a regular file"),
    "hard link": ({"/home/ann/.ssh": Dir(0o700, ANN), ANNS: Hardlink("/etc/passwd")}, "a file with a second name"),
    "another's file": ({"/home/ann/.ssh": Dir(0o700, ANN), ANNS: File("x", 0o600, (7, 7))}, "to another account"),
}


@pytest.mark.parametrize(("changes", "why"), TRAPS.values(), ids=TRAPS)
def test_K11_nothing_is_written_through_a_trap_and_all_else_is(tmp_path: Path, changes: Changes, why: str) -> None:
    clone = sealed_clone(tmp_path / "clone", changes)
    before = {path: clone.entry(path) for path in ("/etc/passwd", "/root/.ssh", *changes)}
    refused(clone, why, "ann")
    assert {path: clone.entry(path) for path in before} == before
    assert not keys_in(clone, "/etc/authorized_keys") | keys_in(clone, ROOTS)


@pytest.mark.parametrize("what", [ROOTS, "/root/.ssh"], ids=["file", "directory"])
def test_K11_what_chattr_protects_stays_as_it_is(tmp_path: Path, what: str) -> None:
    clone = sealed_clone(tmp_path / "clone", {"/root/.ssh": Dir(0o700), ROOTS: File("mine\n", 0o600)})
    path = f"{clone.path}{what}"
    if shutil.which("chattr") is None or subprocess.run(["chattr", "+i", path], check=False).returncode:
        pytest.skip("no immutable files here")
    try:
        refused(clone, "protected by chattr +i or +a")
    finally:
        subprocess.run(["chattr", "-i", path], check=True)
    assert clone.entry(ROOTS) == File("mine\n", 0o600)


@pytest.mark.parametrize("options", [["-t", "tmpfs", "tmpfs"], ["--bind", "{home}"]], ids=["another disk", "read-only"])
def test_K11_a_home_that_cannot_be_written_costs_the_keys_alone(tmp_path: Path, options: list[str]) -> None:
    """As one on NFS, where root is nobody."""
    clone = sealed_clone(tmp_path / "clone")
    home = str(clone.path / "home/ann")

    def personalise() -> str:
        subprocess.run(["mount", *(word.format(home=home) for word in options), home], check=True)
        if "--bind" in options:
            subprocess.run(["mount", "-o", "remount,bind,ro", home], check=True)
        refused(clone, "/home/ann", "ann")
        return "refused"

    assert in_child(personalise, namespaces=NEW_MOUNTS) == "refused"


@pytest.mark.parametrize("home", [Dir(0o755, (7, 7)), Dir(0o777, ANN)], ids=["another's", "everybody's"])
def test_K11_a_home_for_which_sshd_refuses_the_keys_is_told(tmp_path: Path, home: Dir) -> None:
    clone = sealed_clone(tmp_path / "clone", {"/home/ann": home})
    outcome = personalised(clone, "ann")
    assert outcome.status == "done"
    assert keys_in(clone, ANNS) == WANTED
    assert "StrictModes" in outcome.entries["ssh-keys"].detail


# Other places


@pytest.mark.parametrize(
    ("value", "path", "entry"),
    [
        ("/etc/ssh/authorized_keys/%u", "/etc/ssh/authorized_keys/ann", (0o644, (0, 0))),
        (".ssh/keys /etc/ssh/keys/%u", "/home/ann/.ssh/keys", (0o600, ANN)),
        ("/etc/ssh/keys/%u .ssh/authorized_keys", "/etc/ssh/keys/ann", (0o644, (0, 0))),
        ("%h/keys-of-%U", "/home/ann/keys-of-1000", (0o600, ANN)),
        ('"/etc/ssh/my keys"', "/etc/ssh/my keys", (0o644, (0, 0))),
    ],
)
def test_K13_they_are_written_where_sshd_reads(
    tmp_path: Path, value: str, path: str, entry: tuple[int, tuple[int, int]]
) -> None:
    clone = sealed_clone(tmp_path / "clone", config(f"AuthorizedKeysFile {value}"))
    assert personalised(clone, "ann").status == "done"
    assert keys_in(clone, path) == WANTED
    found = clone.entry(path)
    assert isinstance(found, File)
    assert (found.mode, found.owner) == entry
    assert clone.entry(ANNS) is None


def test_K13_a_drop_in_of_sshds_counts(tmp_path: Path) -> None:
    drop_in = {"/etc/ssh/sshd_config.d/10-keys.conf": File("AuthorizedKeysFile /etc/ssh/keys/%u\n")}
    changes = {**config("Include /etc/ssh/sshd_config.d/*.conf\nAuthorizedKeysFile .ssh/unread"), **drop_in}
    clone = sealed_clone(tmp_path / "clone", changes)
    personalised(clone, "ann")
    assert keys_in(clone, "/etc/ssh/keys/ann") == WANTED
    assert clone.entry("/home/ann/.ssh") is None


def test_K13_where_sshd_reads_none_that_is_told(tmp_path: Path) -> None:
    clone = sealed_clone(tmp_path / "clone", config("AuthorizedKeysFile none"))
    outcome = personalised(clone)
    assert outcome.status == "done"
    assert clone.entry("/root/.ssh") is None
    assert outcome.entries["ssh-keys"].detail == "not written; sshd reads no file of keys (AuthorizedKeysFile none)"


def test_K13_a_place_that_nobody_can_know_is_an_error(tmp_path: Path) -> None:
    refused(sealed_clone(tmp_path / "clone", config("AuthorizedKeysFile /keys/%x")), "%x is not known")


def config(lines: str) -> Changes:
    """An sshd_config with these lines."""
    return {"/etc/ssh/sshd_config": File(f"{lines}\nHostKey {HOST_KEY}\n")}


# Labels


class Failing(FakeCommands):
    """A restorecon that fails."""

    def run(self, arguments, *, timeout, stdin=b"", descriptors=(), accept=(0,)):  # type: ignore[no-untyped-def]
        if arguments[0] == "restorecon":
            raise CommandError("restorecon: exit status 255: Read-only file system")
        return super().run(arguments, timeout=timeout, stdin=stdin, descriptors=descriptors, accept=accept)


def labelled(clone: CloneTree, commands: FakeCommands) -> list[object]:
    """Boot where the kernel has an SELinux policy: the status, and what is said of the keys."""

    def personalise() -> str:
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/sys/fs"], check=True)
        Path(MOUNTED).parent.mkdir()
        Path(MOUNTED).write_text("1")
        with as_the_running_system(clone) as cloud:
            cloud.machine.commands = commands
            outcome = boot(clone, cloud, stages=["network"], again=False)
        return json.dumps([outcome.status, outcome.entries["ssh-keys"].detail, commands.ran])

    return list(json.loads(in_child(personalise, namespaces=NEW_HOSTNAME | NEW_MOUNTS)))


def test_K14_new_files_get_their_labels(clone: CloneTree) -> None:
    status, said, ran = labelled(clone, FakeCommands({"restorecon": b""}))
    assert (status, said) == ("done", f"2 keys for root in {ROOTS}")
    assert ["restorecon", "--", "/root/.ssh", ROOTS] in ran  # type: ignore[operator]


@pytest.mark.parametrize("commands", [FakeCommands(), Failing()], ids=["missing", "failing"])
def test_K14_labels_that_cannot_be_set_are_told_with_the_remedy(clone: CloneTree, commands: FakeCommands) -> None:
    status, said, _ = labelled(clone, commands)
    assert status == "done"
    assert keys_in(clone) == WANTED
    assert "SELinux labels not set (restorecon: " in str(said)
    assert str(said).endswith(f"run restorecon on /root/.ssh {ROOTS}")


# The account


def test_K15_an_account_that_does_not_exist_is_told_and_not_made(clone: CloneTree) -> None:
    accounts = clone.read("/etc/passwd"), clone.read("/etc/shadow")
    with cloudstack(account="ubuntu") as cloud:
        outcome = boot(clone, cloud)
        assert cloud.pending()
    assert outcome.status == "error"
    assert (clone.read("/etc/passwd"), clone.read("/etc/shadow")) == accounts
    assert clone.read("/etc/hostname") == "web\n"
    assert outcome.entries["ssh-keys"].detail == (
        "/etc/passwd: no account ubuntu; make it in the template, or set `account` to another"
    )
    assert outcome.asked("saved_password") == []
