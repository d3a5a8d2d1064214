"""What a changed file keeps, and what an error or a power cut leaves."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import ALICE, CAPABILITY, acl, as_root, directory, in_namespace, mount, write

from guestseal.errors import Changed, GuestError, TooLarge
from guestseal.guest.actions import Edit
from guestseal.guest.root import Root

pytestmark = as_root

ATTRIBUTES = {
    "security.selinux": b"system_u:object_r:shadow_t:s0\0",
    "security.capability": CAPABILITY,
    "system.posix_acl_access": acl(user=ALICE, permissions=4),
    "user.note": b"mine",
}


def carried(path: Path) -> dict[str, bytes]:
    return {name: os.getxattr(path, name) for name in os.listxattr(path)}


@pytest.fixture
def labelled(guest: Path) -> Path:
    """A file with everything a file can carry."""
    path = write(guest / "etc/shadow", b"root:hash:\n", mode=0o640)
    os.chown(path, 7, 42)
    for name, value in ATTRIBUTES.items():
        try:
            os.setxattr(path, name, value)
        except OSError as error:
            pytest.skip(f"{name}: {error}")
    assert path.stat().st_mode & 0o7777 == 0o660
    return path


def owner_and_mode(path: Path) -> tuple[int, int, int]:
    info = path.stat()
    return info.st_uid, info.st_gid, info.st_mode & 0o7777


def test_replace_keeps_owner_mode_acl_label_and_capabilities(labelled: Path, root: Root) -> None:
    inode = labelled.stat().st_ino
    root.replace("/etc/shadow", b"root:!:\n")

    assert labelled.read_bytes() == b"root:!:\n"
    assert labelled.stat().st_ino != inode
    assert owner_and_mode(labelled) == (7, 42, 0o660)
    assert carried(labelled) == ATTRIBUTES


def test_truncate_keeps_the_file_itself(labelled: Path, root: Root) -> None:
    inode = labelled.stat().st_ino
    with labelled.open("ab", buffering=0) as writer:
        root.truncate("/etc/shadow")
        writer.write(b"more\n")

    assert labelled.read_bytes() == b"more\n"
    assert labelled.stat().st_ino == inode
    assert owner_and_mode(labelled) == (7, 42, 0o660)


def test_writing_in_place_puts_capabilities_back(labelled: Path, root: Root) -> None:
    root.overwrite("/etc/shadow")
    assert labelled.read_bytes() == bytes(11)
    assert carried(labelled) == ATTRIBUTES
    root.truncate("/etc/shadow")
    assert carried(labelled) == ATTRIBUTES


def test_set_user_id_survives_truncation(guest: Path, root: Root) -> None:
    path = write(guest / "etc/file", owner=ALICE, mode=0o6755)
    root.truncate("/etc/file")
    assert owner_and_mode(path) == (ALICE, ALICE, 0o6755)


def test_a_mode_is_set_when_it_is_given(labelled: Path, guest: Path, root: Root) -> None:
    root.truncate("/etc/shadow", mode=0o444)
    assert owner_and_mode(labelled) == (7, 42, 0o444)
    root.replace("/etc/shadow", b"", mode=0o600)
    assert owner_and_mode(labelled) == (7, 42, 0o600)
    root.replace("/etc/new", b"", mode=0o4711)
    assert owner_and_mode(guest / "etc/new") == (0, 0, 0o4711)


def test_a_default_acl_opens_no_file_that_had_none(guest: Path, root: Root) -> None:
    path = write(guest / "etc/shadow", b"old", mode=0o640)
    try:
        os.setxattr(guest / "etc", "system.posix_acl_default", acl(user=ALICE, permissions=7))
    except OSError as error:
        pytest.skip(f"no ACL: {error}")
    root.replace("/etc/shadow", b"new")

    assert carried(path) == {}
    assert owner_and_mode(path) == (0, 0, 0o640)


def test_what_vouches_for_the_old_content_is_not_put_on_the_new(guest: Path, root: Root) -> None:
    path = write(guest / "etc/file", b"old")
    try:
        os.setxattr(path, "security.ima", b"\1" + bytes(20))
    except OSError as error:
        pytest.skip(f"security.ima: {error}")
    root.replace("/etc/file", b"new")
    assert "security.ima" not in carried(path)


def test_an_empty_directory_keeps_all_it_carries(guest: Path, root: Root) -> None:
    top = directory(guest / "var/spool/mail", owner=ALICE, mode=0o2775)
    os.setxattr(top, "system.posix_acl_default", acl(user=ALICE, permissions=7))
    before = (top.stat().st_ino, owner_and_mode(top), carried(top))
    write(top / "deep/file")
    root.empty("/var/spool/mail")

    assert os.listdir(top) == []
    assert (top.stat().st_ino, owner_and_mode(top), carried(top)) == before


def test_an_edit_of_what_has_changed_is_refused(guest: Path, root: Root) -> None:
    path = write(guest / "etc/ssh/sshd_config", b"Port 22\n")
    before = path.stat()
    for seen in (b"Port 2", b"Port 22\n\n", b"", b"Port 23\n"):
        with pytest.raises(Changed):
            Edit("/etc/ssh/sshd_config", before=seen, after=b"x").perform(root)
    write(path, b"x" * (3 << 20))
    with pytest.raises(Changed):
        Edit("/etc/ssh/sshd_config", before=b"Port 22\n", after=b"x").perform(root)
    with pytest.raises(Changed):
        Edit("/etc/absent", before=b"", after=b"x").perform(root)
    write(path, b"Port 22\n")
    Edit("/etc/ssh/sshd_config", before=b"Port 22\n", after=b"Port 23\n").perform(root)

    assert path.read_bytes() == b"Port 23\n"
    assert path.stat().st_mode == before.st_mode
    assert sorted(os.listdir(guest / "etc/ssh")) == ["sshd_config"]
    assert not (guest / "etc/absent").exists()


def test_a_large_file_is_edited_and_not_read_whole_by_others(guest: Path, root: Root) -> None:
    path = write(guest / "etc/large", b"x" * (3 << 20))
    Edit("/etc/large", before=b"x" * (3 << 20), after=b"y" * (5 << 20)).perform(root)
    assert path.read_bytes() == b"y" * (5 << 20)
    with pytest.raises(TooLarge):
        root.read("/etc/large", limit=(5 << 20) - 1)
    assert root.read("/etc/large", limit=5 << 20) == path.read_bytes()


@in_namespace
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    top = directory(tmp_path / "small")
    mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", top)
    write(top / "etc/hostname", b"old\n")
    with Root(str(top)) as root:
        for path in ("/etc/hostname", "/etc/new"):
            with pytest.raises(GuestError, match="No space left"):
                root.replace(path, b"x" * (1 << 20))
        assert os.listdir(top / "etc") == ["hostname"]
        assert (top / "etc/hostname").read_bytes() == b"old\n"
        root.truncate("/etc/hostname")
        root.remove("/etc/hostname")


@in_namespace
def test_a_read_only_filesystem_is_told(guest: Path, tmp_path: Path) -> None:
    write(guest / "etc/hostname", b"old\n")
    view = directory(tmp_path / "view")
    mount("--bind", "-o", "ro", guest, view)
    mount("-o", "remount,bind,ro", view)
    with Root(str(view)) as root:
        for change in (root.truncate, root.overwrite, root.remove, lambda path: root.replace(path, b"")):
            with pytest.raises(GuestError, match="Read-only file system"):
                change("/etc/hostname")
        with pytest.raises(GuestError, match="Read-only file system"):
            root.empty("/etc")
        with pytest.raises(GuestError, match="Read-only file system"):
            root.make_directory("/etc/new")


REPLACE = """
import sys
from guestseal.guest.root import Root
with Root(sys.argv[1]) as root:
    root.replace("/etc/hostname", b"new\\n")
"""


def traced(guest: Path, *words: str) -> str:
    """The system calls of a replace."""
    if shutil.which("strace") is None:
        pytest.skip("no strace")
    log = guest.parent / "calls"
    command = ["strace", "-y", "-f", "-o", str(log), *words, sys.executable, "-c", REPLACE, str(guest)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    if "ptrace" in done.stderr:
        pytest.skip(done.stderr)
    return log.read_text()


def test_content_reaches_the_disk_before_the_name_and_the_name_before_the_return(guest: Path) -> None:
    write(guest / "etc/hostname", b"old\n")
    calls = traced(guest, "-e", "trace=fsync,fdatasync,rename,renameat,renameat2,openat")
    steps = re.findall(
        rf"(fsync|rename\w*|openat)\((?:\d+<{guest}/etc([^>]*)>)?.*?(?:O_CREAT.*?(0\d+))?\) += \d+", calls
    )
    interesting = [step for step in steps if step[0].startswith("rename") or step[0] == "fsync" or step[2]]

    assert [step[0].replace("renameat2", "renameat") for step in interesting] == [
        "openat",
        "fsync",
        "renameat",
        "fsync",
    ]
    created, content, _, name = interesting
    assert created[2] == "0600"
    assert content[1].startswith("/.guestseal-")
    assert name[1] == ""
    assert "O_EXCL|O_NOFOLLOW" in calls
    assert (guest / "etc/hostname").read_bytes() == b"new\n"


def test_a_power_cut_leaves_the_old_file_and_the_next_try_leaves_nothing_else(guest: Path, root: Root) -> None:
    write(guest / "etc/hostname", b"old\n", mode=0o640)
    traced(guest, "-e", "trace=renameat,rename,renameat2", "-e", "inject=renameat,rename,renameat2:signal=KILL")
    left = set(os.listdir(guest / "etc")) - {"hostname"}
    if (guest / "etc/hostname").read_bytes() == b"old\n":
        assert len(left) == 1

    root.replace("/etc/hostname", b"new\n")
    assert os.listdir(guest / "etc") == ["hostname"]
    assert (guest / "etc/hostname").read_bytes() == b"new\n"
    assert owner_and_mode(guest / "etc/hostname") == (0, 0, 0o640)


def test_killed_at_any_moment_the_same_command_converges(guest: Path, root: Root) -> None:
    for pause in range(1, 16, 2):
        for number in range(200):
            write(guest / f"var/spool/{number % 7}/{number}")
        write(guest / "etc/hostname", b"old\n")
        child = os.fork()
        if child == 0:
            root.remove("/var/spool", overwrite=True)
            while True:
                root.replace("/etc/hostname", b"new\n")
        signal.sigtimedwait([], pause / 1000)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert (guest / "etc/hostname").read_bytes() in (b"old\n", b"new\n")
        root.remove("/var/spool", overwrite=True)
        root.replace("/etc/hostname", b"new\n")
        assert sorted(os.listdir(guest / "var")) == ["log"]
        assert os.listdir(guest / "etc") == ["hostname"]


def test_somebody_has_taken_the_temporary_name(guest: Path, root: Root) -> None:
    home = directory(guest / "home/alice/.ssh", owner=ALICE)
    write(home / "authorized_keys", b"old\n", owner=ALICE)
    traced_name = temporary_name(guest)
    for make in (
        lambda path: path.symlink_to("/precious/file"),
        lambda path: os.link(guest / "precious/file", path),
        os.mkfifo,
        lambda path: path.write_bytes(b"x"),
    ):
        make(home / traced_name)
        root.replace("/home/alice/.ssh/authorized_keys", b"new\n")
        assert os.listdir(home) == ["authorized_keys"]
    os.mkdir(home / traced_name)
    with pytest.raises(GuestError):
        root.replace("/home/alice/.ssh/authorized_keys", b"newer\n")
    assert (home / "authorized_keys").read_bytes() == b"new\n"
    assert (guest / "precious/file").read_bytes() == b"root's own\n"


def temporary_name(guest: Path) -> str:
    """The name a replace of ``authorized_keys`` gives its new file, read off a directory that it cannot leave."""
    from guestseal.guest.writing import temporary_beside

    fd = os.open(guest / "etc", os.O_RDONLY)
    with temporary_beside(fd, "authorized_keys") as (name, _):
        assert os.listdir(guest / "etc") == [name]
    os.close(fd)
    return name
