"""Finding drives by their label and reading them, on real loop devices; ext4, because every kernel here has it."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.disks import EXT4_SMALL, Disk, as_root, disk, run
from support.machine import FakeClock, FakeCommands, soon
from support.older_kernels import Refused, refuse

from guestseal.errors import CommandError, NotEntered, Unsafe
from guestseal.guest.tree import Tree
from guestseal.machine.clock import Deadline
from guestseal.machine.commands import Commands
from guestseal.machine.media import LATE, READABLE, Drive, Media

LABEL = "gs-config-2"
FSOPEN, FSMOUNT = 430, 432  # asm-generic/unistd.h
NOSYMFOLLOW, ST_NOSYMFOLLOW = 0x200000, 0x2000  # linux/mount.h: MOUNT_ATTR_NOSYMFOLLOW; linux/statfs.h


@pytest.fixture
def make(tmp_path: Path) -> Iterator:
    """Makes drives with a file system and what ``fill`` puts on it; all are detached at the end."""
    if os.geteuid() != 0 or subprocess.run(["losetup", "--find"], capture_output=True).returncode != 0:
        pytest.skip("no loop devices")
    with ExitStack() as stack:

        def made(fill=lambda top: None, label: str = LABEL) -> Disk:
            content = tmp_path / f"content{len(list(tmp_path.iterdir()))}"
            content.mkdir()
            fill(content)
            return stack.enter_context(disk(tmp_path, 4, *EXT4_SMALL, "-L", label, "-d", str(content)))

        yield made


def _fill(top: Path) -> None:
    (top / "openstack").mkdir()
    (top / "openstack/meta_data.json").write_text("{}")
    (top / "outside").symlink_to("/etc/passwd")
    (top / "up").symlink_to("../../../../../../etc/passwd")
    (top / "inside").symlink_to("openstack/meta_data.json")
    os.mknod(top / "null", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    os.mkfifo(top / "pipe")
    (top / "run").write_text("#!/bin/sh\n")
    (top / "run").chmod(0o4755)
    (top / "proc").mkdir()
    (top / "proc/version").write_text("the drive's own")


@contextmanager
def _opened(made: Disk) -> Iterator[str]:
    with Media(Commands(), ("ext4",)).opened(Drive(made.node, LABEL, "ext4")) as path:
        yield path


@as_root
def test_a_drive_is_found_by_its_label_in_any_case(make):
    made = make()
    found = Media(Commands(), ("ext4",)).labelled(LABEL.upper(), soon(10))
    assert Drive(made.node, LABEL, "ext4") in found


@as_root
def test_a_file_system_that_no_platform_uses_is_not_even_looked_at(make):
    make()
    clock = FakeClock()
    assert Media(Commands()).labelled(LABEL, Deadline.after(clock, 10)) == []
    assert "ext4" not in READABLE


@as_root
def test_its_files_are_read_through_a_tree(make):
    with _opened(make(_fill)) as path, Tree(path) as tree:
        assert tree.read("/openstack/meta_data.json") == b"{}"
        assert tree.names("/openstack") == ["meta_data.json"]
        assert tree.read("/inside") == b"{}"
        assert tree.read("/nothing") is None


@as_root
def test_Y18_links_do_not_lead_out_of_it(make):
    with _opened(make(_fill)) as path, Tree(path) as tree:
        assert tree.read("/outside") is None
        assert tree.read("/up") is None


@as_root
def test_Y18_devices_and_pipes_on_it_are_never_opened(make):
    with _opened(make(_fill)) as path, Tree(path) as tree:
        for name in ("/null", "/pipe"):
            with pytest.raises(Unsafe):
                tree.read(name)


@as_root
def test_the_mounts_of_this_machine_are_not_taken_for_its_own(make):
    with _opened(make(_fill)) as path, Tree(path) as tree:
        assert tree.read("/proc/version") == b"the drive's own"


@as_root
def test_it_is_in_no_table_of_mounts_and_nothing_of_it_is_left(make):
    made = make(_fill)
    before = Path("/proc/self/mountinfo").read_text()
    with _opened(made) as path:
        assert made.node not in Path("/proc/self/mountinfo").read_text()
        assert Path("/proc/self/mountinfo").read_text() == before
        assert os.statvfs(path).f_flag & os.ST_RDONLY
    # A device that is still mounted could not be opened for itself alone.
    os.close(os.open(made.node, os.O_RDONLY | os.O_EXCL))


@as_root
def test_Y18_nothing_of_it_can_be_written_or_run_and_no_device_of_it_opened(make):
    with _opened(make(_fill)) as path:
        flags = os.statvfs(path).f_flag
        assert flags & os.ST_NOSUID
        assert flags & os.ST_NODEV
        assert flags & os.ST_NOEXEC
        with pytest.raises(OSError, match="Read-only"):
            os.open(f"{path}/new", os.O_WRONLY | os.O_CREAT)
        with pytest.raises(PermissionError):
            os.open(f"{path}/null", os.O_RDONLY)
        with pytest.raises(PermissionError):
            subprocess.run([path.replace("self", str(os.getpid())) + "/run"], check=True)


@as_root
def test_an_older_kernel_without_nosymfollow_mounts_it_all_the_same(make):
    made = make(_fill)

    def act() -> str:
        refuse(Refused(FSMOUNT, errno.EINVAL, argument=2, bits=NOSYMFOLLOW))
        with _opened(made) as path, Tree(path) as tree:
            assert not os.statvfs(path).f_flag & ST_NOSYMFOLLOW
            return (tree.read("/inside") or b"").decode()

    assert in_child(act) == "{}"


@as_root
def test_a_kernel_without_the_calls_mounts_it_in_a_namespace_that_is_gone_at_once(make):
    made = make(_fill)

    def act() -> str:
        refuse(Refused(FSOPEN))
        before = Path("/proc/self/mountinfo").read_text()
        with _opened(made) as path, Tree(path) as tree:
            assert tree.read("/proc/version") == b"the drive's own"
            flags = os.statvfs(path).f_flag
            assert all(flags & each for each in (os.ST_RDONLY, os.ST_NOSUID, os.ST_NODEV, os.ST_NOEXEC))
            assert Path("/proc/self/mountinfo").read_text() == before
            return (tree.read("/openstack/meta_data.json") or b"").decode()

    assert in_child(act) == "{}"
    os.close(os.open(made.node, os.O_RDONLY | os.O_EXCL))


@as_root
def test_a_drive_that_cannot_be_mounted_is_an_error_with_its_reason(make, tmp_path):
    made = make()
    with Path(made.node).open("r+b") as device:
        device.write(b"\0" * 65536)
    with pytest.raises(CommandError, match="not mounted as ext4: "), _opened(made):
        pass
    missing = Drive("/dev/guestseal-nothing", LABEL, "ext4")
    with pytest.raises(CommandError, match="No such file"), Media(Commands(), ("ext4",)).opened(missing):
        pass


@as_root
def test_a_process_that_hides_its_mounts_reads_a_drive_too(make):
    """In a mount namespace of its own, as a unit with PrivateTmp= is."""
    made = make(_fill)

    def act() -> str:
        with _opened(made) as path, Tree(path) as tree:
            return (tree.read("/openstack/meta_data.json") or b"").decode()

    assert in_child(act, namespaces=NEW_MOUNTS) == "{}"


@as_root
def test_a_tree_does_not_enter_a_mount_made_since_then(make, tmp_path):
    """The criterion for detached mounts must not open the others."""
    (tmp_path / "root/sub").mkdir(parents=True)

    def act() -> str:
        with Tree(str(tmp_path / "root")) as tree:
            run("mount", "-t", "tmpfs", "tmpfs", str(tmp_path / "root/sub"))
            try:
                tree.names("/sub")
            except NotEntered:
                return "not entered"
            return "entered"

    assert in_child(act, namespaces=NEW_MOUNTS) == "not entered"


BLKID = b"""DEVNAME=/dev/sr0
BLOCK_SIZE=2048
UUID=2024-01-01-00-00-00-00
LABEL=config-2
TYPE=iso9660

DEVNAME=/dev/vdb
LABEL_FATBOOT=CIDATA
UUID=0000-0000
TYPE=vfat

DEVNAME=/dev/vdc
LABEL=cidata
TYPE=vfat

DEVNAME=/dev/vda1
LABEL=cidata
TYPE=ext4

DEVNAME=/dev/vdd
TYPE=swap

LABEL=cidata
TYPE=vfat
"""


def _labelled(label: str, told: bytes = BLKID) -> list[str]:
    clock = FakeClock()
    found = Media(FakeCommands({"blkid": told})).labelled(label, Deadline.after(clock, 30))
    return [drive.node for drive in found]


def test_what_blkid_tells_is_understood():
    assert _labelled("config-2") == ["/dev/sr0"]
    assert _labelled("cidata") == ["/dev/vdb", "/dev/vdc"]


def test_discs_are_known_by_their_file_system_whatever_their_label():
    udf = b"DEVNAME=/dev/sr1\nTYPE=udf\n\n"
    found = Media(FakeCommands({"blkid": udf + BLKID})).discs(Deadline.after(FakeClock(), 30))
    assert found == [Drive("/dev/sr0", "config-2", "iso9660"), Drive("/dev/sr1", "", "udf")]


@pytest.mark.parametrize("told", [b"", b"\n\n\n", b"\xff\xfe=\0", b"DEVNAME=/etc/passwd\nLABEL=config-2\nTYPE=vfat\n"])
def test_nonsense_of_blkid_is_no_drive(told):
    assert _labelled("config-2", told) == []


def test_Y18_a_drive_that_comes_late_is_found_and_one_that_never_comes_is_not_waited_for_long():
    class Late(FakeCommands):
        def run(self, arguments, **options):
            self._outputs["blkid"] = BLKID if len(self.ran) >= 4 else b""
            return super().run(arguments, **options)

    clock = FakeClock()
    assert [drive.node for drive in Media(Late()).labelled("config-2", Deadline.after(clock, 30))] == ["/dev/sr0"]
    clock = FakeClock()
    start = clock.monotonic()
    assert Media(FakeCommands({"blkid": b""})).labelled("config-2", Deadline.after(clock, 30)) == []
    assert 2 <= clock.monotonic() - start <= LATE
    clock = FakeClock()
    start = clock.monotonic()
    assert Media(FakeCommands({"blkid": b""})).labelled("config-2", Deadline.after(clock, 1)) == []
    assert clock.monotonic() - start <= 1


def test_without_blkid_it_says_so():
    with pytest.raises(CommandError, match="blkid"):
        Media(FakeCommands()).labelled("config-2", soon())
