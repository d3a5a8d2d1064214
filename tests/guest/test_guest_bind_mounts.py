"""What is bound into the guest, or onto a place of its own, with real mounts in a mount namespace of their own."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest
from hostile import ALICE, Canary, directory, filesystem, in_namespace, mount, write
from left_alone import passes_by, refuses_everything

from guestseal.errors import Changed, GuestError, NotEntered
from guestseal.guest.actions import Empty, Remove, Truncate
from guestseal.guest.root import Root


@in_namespace
def test_a_bind_mount_of_the_same_filesystem(guest: Path, canary: Canary) -> None:
    directory(guest / "var/spool/lent")
    mount("--bind", canary.path, guest / "var/spool/lent")
    with Root(str(guest)) as root:
        passes_by(guest, root, "/var/spool/lent")
        refuses_everything(root, "/var/spool/lent/canary")
        assert list(root.glob("/var/spool/*")) == list(root.glob("/var/spool/lent")) == []
        assert "bind mount" in root.passed_over["/var/spool/lent"]


@in_namespace
def test_a_bind_mount_of_a_part_of_the_guest(guest: Path) -> None:
    directory(guest / "tmp/look")
    mount("--bind", guest / "precious", guest / "tmp/look")
    with Root(str(guest)) as root:
        passes_by(guest, root, "/tmp/look")
    assert (guest / "precious/file").exists()


@in_namespace
def test_a_directory_bound_onto_its_own_place_is_the_guests(guest: Path) -> None:
    """What a unit with ProtectSystem= and ReadWritePaths= sees."""
    write(guest / "var/log/deep/file", b"secret")
    mount("--bind", guest / "var", guest / "var")
    mount("-o", "remount,bind,ro", guest / "var")
    mount("--bind", guest / "var/log", guest / "var/log")
    mount("-o", "remount,bind,rw", guest / "var/log")
    with Root(str(guest)) as root:
        assert list(root.glob("/var/**")) == ["/var/log/deep/file"]
        root.replace("/var/log/deep/file", b"new")
        root.truncate("/var/log/deep/file")
        root.sync()
        root.empty("/var/log")
        with pytest.raises(GuestError, match="Read-only"):
            root.replace("/var/other", b"new")
        assert not root.remove("/var/log")
        assert root.passed_over == {}
    assert (guest / "var/log").is_dir()
    assert os.listdir(guest / "var/log") == []


@in_namespace
def test_a_filesystem_in_a_directory_that_is_bound_onto_its_own_place_is_the_guests(
    guest: Path, tmp_path: Path, canary: Canary
) -> None:
    mount("-o", "loop", filesystem(tmp_path / "file", "mkfs.ext4", "-q"), guest / "var/log")
    mount("--bind", canary.path, guest / "var/spool")
    write(guest / "var/log/file", b"secret")
    mount("--rbind", guest / "var", guest / "var")
    with Root(str(guest)) as root:
        assert list(root.glob("/var/**")) == ["/var/log/file"]
        root.truncate("/var/log/file")
        refuses_everything(root, "/var/spool/canary")


@in_namespace
def test_a_users_directory_bound_onto_its_own_place_leads_nowhere_else(guest: Path, canary: Canary) -> None:
    write(guest / "home/alice/x/a/file", owner=ALICE)
    directory(guest / "home/alice/x/a/lent", owner=ALICE)
    mount("--bind", guest / "home/alice/x/a", guest / "home/alice/x/a")
    mount("--bind", canary.path, guest / "home/alice/x/a/lent")
    with Root(str(guest)) as root:
        refuses_everything(root, "/home/alice/x/a/lent/canary")
        # Its owner moves it: what was bound goes with it, and is still what it was.
        os.rename(guest / "home/alice/x", guest / "home/alice/y")
        assert list(root.glob("/home/*/**")) == ["/home/alice/y/a/file"]
        root.empty("/home/alice/y")
        assert os.listdir(guest / "home/alice/y/a") == ["lent"]
    with Root(str(guest)) as root:
        refuses_everything(root, "/home/alice/y/a/lent/canary")


@in_namespace
def test_another_directory_on_the_place_of_one_that_was_bound_onto_itself(guest: Path, canary: Canary) -> None:
    directory(guest / "var/spool/lent")
    mount("--bind", guest / "var/spool", guest / "var/spool")
    mount("--bind", canary.path, guest / "var/spool/lent")
    with Root(str(guest)) as root:
        passes_by(guest, root, "/var/spool/lent")
        refuses_everything(root, "/var/spool/lent/canary")
    mount("--bind", canary.path, guest / "var/spool")
    with Root(str(guest)) as root:
        passes_by(guest, root, "/var/spool")
        refuses_everything(root, "/var/spool/canary")


@in_namespace
def test_a_file_bound_onto_itself_is_not_changed_and_stops_nothing(guest: Path) -> None:
    file = write(guest / "etc/machine-id", b"0123\n")
    mount("--bind", file, file)
    with Root(str(guest)) as root:
        refuses_everything(root, "/etc/machine-id")
        root.sync()
        write(guest / "etc/hostname")
        root.empty("/etc")
    assert os.listdir(guest / "etc") == ["machine-id"]


@pytest.mark.usefixtures("canary")
@in_namespace
def test_the_guest_mounted_into_itself(tmp_path: Path) -> None:
    top = directory(tmp_path / "image")
    mount("-o", "loop", filesystem(tmp_path / "file", "mkfs.ext4", "-q"), top)
    write(top / "precious/file")
    directory(top / "tmp/look")
    mount("--bind", top, top / "tmp/look")
    with Root(str(top)) as root:
        passes_by(top, root, "/tmp/look")
        root.empty("/tmp")
    assert (top / "precious/file").exists()


@in_namespace
def test_what_is_mounted_later_is_not_entered(guest: Path, canary: Canary) -> None:
    with Root(str(guest)) as root:
        mount("--bind", canary.path, directory(guest / "var/spool/lent"))
        passes_by(guest, root, "/var/spool/lent")
        refuses_everything(root, "/var/spool/lent/canary")
        mount("--bind", canary.file, write(guest / "var/log/file"))
        write(guest / "var/log/other")
        with pytest.raises(GuestError, match="mounted over"):
            root.empty("/var/log")
        assert os.listdir(guest / "var/log") == ["file"]


@in_namespace
def test_a_user_whose_home_is_not_entered_hides_nobody_elses(guest: Path, canary: Canary) -> None:
    write(guest / "home/bob/.bash_history")
    directory(guest / "home/zoe")
    write(guest / "home/zoe/.bash_history")
    mount("--bind", canary.path, guest / "home/alice")
    with Root(str(guest)) as root:
        assert list(root.glob("/home/*/.bash_history")) == ["/home/bob/.bash_history", "/home/zoe/.bash_history"]
        assert list(root.glob("/home/*/**")) == ["/home/bob/.bash_history", "/home/zoe/.bash_history"]
        assert list(root.passed_over) == ["/home/alice"]


@in_namespace
def test_a_file_mounted_over_a_file(guest: Path, canary: Canary) -> None:
    below = write(guest / "etc/machine-id", b"0123\n", mode=0o444)
    mount("--bind", canary.file, below)
    with Root(str(guest), lift_immutable=True) as root:
        refuses_everything(root, "/etc/machine-id")
        for change in (Truncate("/etc/machine-id"), Remove("/etc/machine-id", secret=True)):
            with pytest.raises(GuestError):
                change.perform(root)
        write(guest / "etc/hostname")
        Empty("/etc").perform(root)
        assert list(root.glob("/etc/*")) == list(root.glob("/etc/machine-id")) == list(root.glob("/etc/**")) == []
        with pytest.raises(NotEntered):
            root.read("/etc/machine-id")
    assert os.listdir(guest / "etc") == ["machine-id"]
    subprocess.run(["umount", below], check=True)
    assert below.read_bytes() == b"0123\n"
    assert stat.S_IMODE(below.stat().st_mode) == 0o444


@in_namespace
def test_a_mounted_directory_cannot_be_moved_to_where_it_is_taken_for_the_guests(guest: Path, canary: Canary) -> None:
    directory(guest / "home/alice/a/lent", owner=ALICE)
    mount("--bind", canary.path, guest / "home/alice/a/lent")
    with Root(str(guest)) as root:
        os.rename(guest / "home/alice/a", guest / "home/alice/b")
        root.empty("/home")
        assert list(root.glob("/home/alice/b/lent/*")) == []
        refuses_everything(root, "/home/alice/b/lent/canary")
        with pytest.raises((NotEntered, Changed)):
            root.remove("/home/alice/b/lent")
