"""What is mounted below the guest, with real mounts in a mount namespace of their own."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile import ALICE, Canary, directory, filesystem, in_namespace, link, mount, snapshot, write

from guestseal.errors import Changed, GuestError, NotEntered, Volatile
from guestseal.guest.actions import Empty, Remove, Truncate
from guestseal.guest.root import Root

CHANGES: tuple[Callable[[Root, str], object], ...] = (
    lambda root, path: root.truncate(path),
    lambda root, path: root.truncate(path, mode=0o777),
    lambda root, path: root.replace(path, b"new"),
    lambda root, path: root.clear_mode(path, 0o777, owners=(0,)),
    lambda root, path: root.set_mode(path, 0o777, owner=(1, 1)),
    lambda root, path: root.overwrite(path),
    lambda root, path: root.remove(path),
    lambda root, path: root.remove(path, overwrite=True),
    lambda root, path: root.rename(path, "/etc/elsewhere"),
    lambda root, path: root.rename("/precious/file", path),
)


def refuses_everything(root: Root, path: str) -> None:
    for change in CHANGES:
        with pytest.raises(GuestError):
            change(root, path)


def passes_by(top: Path, root: Root, point: str) -> None:
    """Emptying and removing all around the mount at ``point`` leaves it, and the way to it, alone."""
    way = [name for name in point.split("/") if name]
    write(top / way[0] / "around")
    for path in (f"/{way[0]}", "/" + "/".join(way[:-1])):
        root.empty(path)
        assert not root.remove(path)
    assert not (top / way[0] / "around").exists()
    assert (top / point[1:]).is_dir()
    with pytest.raises(NotEntered):
        root.empty(point)
    with pytest.raises(NotEntered):
        root.remove(point)
    with pytest.raises(NotEntered):
        root.names(point)
    for pattern in (f"{point}/*", f"{point}/**", f"/{way[0]}/**", "/*/*/*/*"):
        assert not [path for path in root.glob(pattern) if path.startswith(point)]


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


@pytest.mark.usefixtures("canary")
@in_namespace
def test_a_whole_filesystem_that_is_mounted_outside_too(guest: Path, tmp_path: Path) -> None:
    outside, inside = directory(tmp_path / "disk"), directory(guest / "var/spool/disk")
    mount("-o", "loop", filesystem(tmp_path / "file", "mkfs.ext4", "-q"), outside)
    write(outside / "file", b"host's\n")
    mount("--bind", outside, inside)
    with Root(str(guest)) as root:
        passes_by(guest, root, "/var/spool/disk")
        refuses_everything(root, "/var/spool/disk/file")
        assert "outside" in root.passed_over["/var/spool/disk"]
    assert (outside / "file").read_bytes() == b"host's\n"


@pytest.mark.usefixtures("canary")
@in_namespace
def test_a_separate_local_filesystem_is_the_guests(guest: Path, tmp_path: Path) -> None:
    mount("-o", "loop", filesystem(tmp_path / "file", "mkfs.ext4", "-q", "-O", "^has_journal"), guest / "var/log")
    write(guest / "var/log/deep/file", b"secret")
    write(guest / "var/log/keep", b"secret")
    with Root(str(guest)) as root:
        assert list(root.glob("/var/**")) == ["/var/log/deep/file", "/var/log/keep"]
        assert root.read("/var/log/keep") == b"secret"
        root.truncate("/var/log/keep", mode=0o600)
        root.replace("/var/log/new", b"new")
        root.sync()
        assert not root.remove("/var/log/lost+found/absent")
        root.empty("/var")
        write(guest / "var/log/again")
        assert not root.remove("/var/log")
        assert not root.remove("/var")
    assert os.listdir(guest / "var") == ["log"]
    assert os.listdir(guest / "var/log") == []


@in_namespace
def test_a_mount_of_the_guests_is_held_until_the_tree_is_closed(guest: Path, tmp_path: Path) -> None:
    mount("-o", "loop", filesystem(tmp_path / "file", "mkfs.ext4", "-q"), guest / "var/log")
    with Root(str(guest)) as root:
        assert subprocess.run(["umount", guest / "var/log"], check=False, capture_output=True).returncode != 0
        # Gone from the tree, but its id is taken: what is mounted now has another one.
        subprocess.run(["umount", "-l", guest / "var/log"], check=True)
        mount("-t", "ramfs", "users", guest / "var/log")
        write(guest / "var/log/file")
        with pytest.raises(NotEntered):
            root.empty("/var/log")
        with pytest.raises(NotEntered):
            root.truncate("/var/log/file")
    subprocess.run(["umount", guest / "var/log"], check=True)


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
def test_a_tmpfs_holds_nothing_that_stays(guest: Path) -> None:
    mount("-t", "tmpfs", "tmpfs", guest / "tmp")
    write(guest / "tmp/file")
    with Root(str(guest)) as root:
        for pattern in ("/tmp", "/tmp/*", "/tmp/**", "/*/file", "/t*"):
            assert list(root.glob(pattern)) == (["/precious/file"] if pattern == "/*/file" else [])
        assert root.passed_over == {}
        for change in (root.empty, root.names):
            with pytest.raises(Volatile):
                change("/tmp")
        with pytest.raises(Volatile):
            root.read("/tmp/file")
        refuses_everything(root, "/tmp/file")


@in_namespace
def test_pseudo_filesystems_lent_to_a_chroot(guest: Path) -> None:
    # Never this machine's own /dev or /run: this test must cost nothing when it fails.
    for name, kind, options in (("proc", "proc", "ro"), ("sys", "sysfs", "ro"), ("dev/pts", "devpts", "newinstance")):
        mount("-t", kind, "-o", options, kind, directory(guest / name))
    link(guest / "home/alice/.cache", "/proc/self/root/tmp")
    with Root(str(guest)) as root:
        for name in ("proc", "sys", "dev/pts"):
            with pytest.raises(NotEntered):
                root.empty(f"/{name}")
            assert list(root.glob(f"/{name}/**")) == []
        for path in ("/proc/self/root/etc/passwd", "/dev/pts/ptmx", "/home/alice/.cache/x", "/proc/self/fd/0"):
            with pytest.raises(NotEntered):
                root.read(path)
        assert root.passed_over == {}, "nobody is told at each run that /proc is there"


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
def test_what_a_mount_hides_is_reached_through_another_mount_of_the_root(guest: Path, tmp_path: Path) -> None:
    write(guest / "tmp/hidden", b"secret")
    mount("-t", "tmpfs", "tmpfs", guest / "tmp")
    below = directory(tmp_path / "below")
    mount("--bind", guest, below)
    with Root(str(below)) as root:
        assert root.read("/tmp/hidden") == b"secret"
        root.empty("/tmp")
    subprocess.run(["umount", guest / "tmp"], check=True)
    assert os.listdir(guest / "tmp") == []


@in_namespace
def test_a_mount_that_another_one_covers(guest: Path, tmp_path: Path, canary: Canary) -> None:
    write(guest / "var/spool/deep/file")
    mount("--bind", canary.path, guest / "var/spool/deep")
    mount("-o", "loop", filesystem(tmp_path / "file", "mkfs.ext4", "-q"), guest / "var/spool")
    write(guest / "var/spool/deep/file")
    with Root(str(guest)) as root:
        assert list(root.glob("/var/spool/deep/*")) == ["/var/spool/deep/file"]
        assert root.remove("/var/spool/deep")


@in_namespace
def test_a_mount_point_with_any_name(guest: Path, canary: Canary) -> None:
    for name in (b"a b", b"a\nb", b"\\040", "a\u00a0b\u2028".encode(), b"\xff\x0b", b"x" * 255):
        directory(guest / "var/spool" / os.fsdecode(name), owner=ALICE)
        mount("--bind", canary.path, guest / "var/spool" / os.fsdecode(name))
    with Root(str(guest)) as root:
        root.empty("/var/spool")
        assert len(root.passed_over) == 6


@pytest.mark.usefixtures("canary")
@in_namespace
def test_btrfs_subvolumes_are_the_guests(tmp_path: Path) -> None:
    top = directory(tmp_path / "image")
    image = filesystem(tmp_path / "file", "mkfs.btrfs", "-q", size=128 << 20)
    mount("-o", "loop", image, top)
    for name in ("@", "@home", "@/nested"):
        subprocess.run(["btrfs", "subvolume", "create", top / name], check=True, capture_output=True)
    device = subprocess.run(["findmnt", "-no", "SOURCE", top], capture_output=True, text=True, check=True)
    subprocess.run(["umount", top], check=True)
    # One device for both: two loop devices on one file would be two filesystems with one UUID.
    loop = subprocess.run(["losetup", "-f", "--show", image], capture_output=True, text=True, check=True).stdout.strip()
    try:
        mount("-o", "subvol=@", loop, top)
        mount("-o", "subvol=@home", loop, directory(top / "home"))
        mount("-o", "subvol=/", loop, directory(top / "tmp/all"))
        write(top / "home/alice/file")
        write(top / "nested/file")
        with Root(str(top)) as root:
            assert list(root.glob("/**")) == ["/home/alice/file", "/nested/file"]
            assert "second mount" in root.passed_over["/tmp/all"]
            root.empty("/home")
            assert root.remove("/nested")
            root.empty("/tmp")
        assert sorted(os.listdir(top)) == ["home", "tmp"]
        assert sorted(os.listdir(top / "tmp/all")) == ["@", "@home"]
    finally:
        subprocess.run(["umount", "-R", top], check=True)
        subprocess.run(["losetup", "-d", loop], check=True)
    assert device.returncode == 0


@in_namespace
def test_an_overlay_is_changed_in_its_upper_layer_only(tmp_path: Path) -> None:
    for name in ("lower/etc", "upper", "work", "merged"):
        directory(tmp_path / name)
    write(tmp_path / "lower/etc/machine-id", b"0123\n")
    write(tmp_path / "lower/var/log/old/file")
    write(tmp_path / "lower/etc/both")
    before = snapshot(tmp_path / "lower")
    layers = f"lowerdir={tmp_path}/lower,upperdir={tmp_path}/upper,workdir={tmp_path}/work"
    mount("-t", "overlay", "overlay", "-o", layers, tmp_path / "merged")
    with Root(str(tmp_path / "merged")) as root:
        root.truncate("/etc/machine-id")
        root.remove("/etc/both")
        root.empty("/var/log")
        assert root.read("/etc/machine-id") == b""
        assert list(root.glob("/**")) == ["/etc/machine-id"]
    assert snapshot(tmp_path / "lower") == before
    subprocess.run(["umount", tmp_path / "merged"], check=True)
    with Root(str(tmp_path / "upper")) as root:
        assert root.remove("/var")
        assert root.remove("/etc")


@in_namespace
def test_without_proc_the_remedy_is_told(guest: Path) -> None:
    mount("-t", "tmpfs", "tmpfs", "/proc")
    lowest = os.dup(0)
    os.close(lowest)
    with pytest.raises(GuestError, match="needs /proc"):
        Root(str(guest))
    assert os.dup(0) == lowest, "a descriptor is left open"


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
