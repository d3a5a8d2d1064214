"""Filesystems that are mounted below the guest, with real mounts in a mount namespace of their own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hostile import ALICE, Canary, directory, filesystem, in_namespace, link, mount, snapshot, write
from left_alone import passes_by, refuses_everything

from guestseal.errors import GuestError, NotEntered, Volatile
from guestseal.guest.root import Root


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
