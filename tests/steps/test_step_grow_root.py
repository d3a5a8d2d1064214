"""The grow-root step on loop devices, with the real partition tables, filesystems and programs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from support.children import NEW_MOUNTS, in_child
from support.clones import CloneTree, clone_tree, needs_root
from support.disks import BTRFS, EXT4, XFS
from support.machine import FakeCommands

from guestseal.errors import CommandError, GuestError
from guestseal.firstboot.step import Clone, Result
from guestseal.firstboot.steps.network.grow_root import STEP, grow
from guestseal.machine.block import Place, disk_under
from guestseal.machine.commands import Commands, Completed

pytestmark = [
    needs_root,
    pytest.mark.skipif(shutil.which("sfdisk") is None or shutil.which("partx") is None, reason="makes partitions"),
]

MIB = 1 << 20
SMALL, LARGE = 320 * MIB, 640 * MIB
"""XFS takes no less than 300 MiB. The files are sparse."""
FILESYSTEMS = {"ext4": EXT4, "xfs": XFS, "btrfs": BTRFS}
_CAP_SYS_RESOURCE = 1 << 24  # capabilities(7); EXT4_IOC_RESIZE_FS wants it
_HELD = int(re.findall(r"CapEff:\s*(\w+)", Path("/proc/self/status").read_text(encoding="ascii"))[0], 16)
may_grow_ext4 = pytest.mark.skipif(not _HELD & _CAP_SYS_RESOURCE, reason="growing ext4 takes CAP_SYS_RESOURCE")
EVERY = [pytest.param("ext4", marks=may_grow_ext4), "xfs", "btrfs"]
with_growpart = pytest.mark.skipif(shutil.which("growpart") is None, reason="growpart is not installed")


class Programs(Commands):
    """The programs of this machine without those that a test takes away; ``ran`` has the name of each."""

    def __init__(self, *missing: str) -> None:
        super().__init__()
        self._missing = missing
        self.ran: list[str] = []

    def run(self, arguments: Sequence[str], **options: Any) -> Completed:
        """As Commands.run."""
        name = next(word for word in arguments if word != "env" and "=" not in word)
        self.ran.append(name)
        if name in self._missing:
            return super().run([f"/missing/{name}"] if arguments[0] != "env" else ["sh", "-c", "exit 127"], **options)
        return super().run(arguments, **options)


@dataclass(frozen=True)
class Virtual:
    """A disk in a file, with partitions; the first filesystem is mounted at ``point``."""

    image: Path
    node: str
    point: Path
    base: Path

    @property
    def place(self) -> Place:
        return Place(str(self.point))

    def part(self, number: int) -> str:
        return f"{self.node}p{number}"

    def enlarge(self, size: int = LARGE) -> None:
        """The platform gives the machine a larger disk."""
        os.truncate(self.image, size)
        run("losetup", "-c", self.node)

    def clone(self, commands: Commands, memory: dict[str, str] | None = None, **settings: Any) -> Clone:
        clone = CloneTree(self.base / "tree").clone(live=True, memory=memory)
        clone.machine.commands = commands
        return replace(clone, settings=replace(clone.settings, **settings))


def run(*words: str, stdin: str = "") -> None:
    subprocess.run(words, check=True, capture_output=True, text=True, input=stdin, timeout=60)


@contextmanager
def disk(base: Path, kind: str = "xfs", table: str = "gpt", layout: str = "") -> Iterator[Virtual]:
    """A disk with one partition from its first MiB to its end, or with this layout; made and taken away in any case."""
    image = base / "disk.img"
    image.touch()
    os.truncate(image, SMALL)
    run("sfdisk", "-q", str(image), stdin=f"label: {table}\n{layout or 'start=2048'}\n")
    node = subprocess.run(["losetup", "-f", "--show", image], check=True, capture_output=True, text=True).stdout.strip()
    made = Virtual(image, node, base / "mounted", base)
    made.point.mkdir()
    clone_tree(base / "tree")
    try:
        run("partx", "-a", node)
        _wait_for(made.part(1))
        run(*FILESYSTEMS[kind], made.part(1))
        yield made
    finally:
        with suppress(subprocess.CalledProcessError):
            run("partx", "-d", node)
        run("losetup", "-d", node)


def _wait_for(node: str) -> None:
    end = time.monotonic() + 5
    while not os.path.exists(node):
        assert time.monotonic() < end, f"{node} did not appear"
        time.sleep(0.01)


def on(virtual: Virtual, action: Callable[[], None], options: str = "rw") -> None:
    """Run ``action`` with the first partition mounted, in a mount namespace of its own."""

    def act() -> str:
        run("mount", "-o", options, virtual.part(1), str(virtual.point))
        try:
            action()
        finally:
            run("umount", str(virtual.point))
        return "done"

    assert in_child(act, namespaces=NEW_MOUNTS) == "done"


def total(virtual: Virtual) -> int:
    info = os.statvfs(virtual.point)
    return info.f_blocks * info.f_frsize


def assert_grown(virtual: Virtual, result: Result) -> None:
    now = disk_under(virtual.place)
    assert (result.changed, result.warnings) == (True, ())
    assert LARGE - 2 * MIB < now.size <= LARGE - MIB
    assert now.behind < MIB
    assert total(virtual) > LARGE * 0.85
    assert (virtual.point / "kept").read_text() == "kept"
    assert result.memory["filled"] == str(now.size)


@with_growpart
@pytest.mark.parametrize("table", ["gpt", "dos"])
@pytest.mark.parametrize("kind", EVERY)
def test_a_larger_disk_is_filled(tmp_path: Path, kind: str, table: str) -> None:
    with disk(tmp_path, kind, table) as virtual:

        def act() -> None:
            (virtual.point / "kept").write_text("kept")
            virtual.enlarge()
            programs = Programs()
            first = grow(virtual.clone(programs), virtual.place)
            assert_grown(virtual, first)
            assert programs.ran[0] == "growpart"
            again = Programs()
            second = grow(virtual.clone(again, dict(first.memory)), virtual.place)
            assert (second.changed, second.memory, again.ran) == (False, first.memory, [])

        on(virtual, act)


@pytest.mark.parametrize("table", ["gpt", "dos"])
def test_without_growpart_sfdisk_does_it(tmp_path: Path, table: str) -> None:
    with disk(tmp_path, table=table) as virtual:

        def act() -> None:
            (virtual.point / "kept").write_text("kept")
            virtual.enlarge()
            programs = Programs("growpart")
            assert_grown(virtual, grow(virtual.clone(programs), virtual.place))
            assert programs.ran[:2] == ["growpart", "sfdisk"]

        on(virtual, act)


def test_without_either_it_says_what_to_install(tmp_path: Path) -> None:
    with disk(tmp_path) as virtual:

        def act() -> None:
            virtual.enlarge()
            before = disk_under(virtual.place)
            result = grow(virtual.clone(Programs("growpart", "sfdisk")), virtual.place)
            assert not result.changed
            assert ["MiB are free behind" in text for text in result.warnings] == [True]
            assert disk_under(virtual.place) == before

        on(virtual, act)


def test_a_power_cut_between_partition_and_filesystem_is_made_good(tmp_path: Path) -> None:
    class Cut(Exception):
        pass

    class UntilTheCut(Programs):
        def run(self, arguments: Sequence[str], **options: Any) -> Completed:
            if arguments[0] == "xfs_growfs":
                raise Cut
            return super().run(arguments, **options)

    with disk(tmp_path) as virtual:

        def act() -> None:
            (virtual.point / "kept").write_text("kept")
            filled = dict(grow(virtual.clone(Programs()), virtual.place).memory)
            virtual.enlarge()
            with pytest.raises(Cut):
                grow(virtual.clone(UntilTheCut(), filled), virtual.place)
            assert disk_under(virtual.place).behind < MIB
            assert total(virtual) < SMALL
            assert_grown(virtual, grow(virtual.clone(Programs(), filled), virtual.place))

        on(virtual, act)


def test_where_nothing_is_to_be_gained_no_program_runs_but_on_the_first_boot(tmp_path: Path) -> None:
    with disk(tmp_path) as virtual:

        def act() -> None:
            first, later = Programs(), Programs()
            result = grow(virtual.clone(first), virtual.place)
            assert (result.changed, first.ran) == (False, ["xfs_growfs"])
            assert not grow(virtual.clone(later, dict(result.memory)), virtual.place).changed
            assert later.ran == []

        on(virtual, act)


@pytest.mark.parametrize(
    ("table", "layout"),
    [("gpt", "start=2048,size=300MiB\nsize=8MiB"), ("dos", "start=2048,size=300MiB\nsize=8MiB,type=82")],
)
def test_a_partition_that_another_one_comes_after_stays(tmp_path: Path, table: str, layout: str) -> None:
    """Swap at the end of the disk."""
    with disk(tmp_path, table=table, layout=layout) as virtual:

        def act() -> None:
            virtual.enlarge()
            before = disk_under(virtual.place)
            assert before.behind == 0
            assert not grow(virtual.clone(Programs()), virtual.place).changed
            assert disk_under(virtual.place) == before

        on(virtual, act)


def test_a_filesystem_on_the_whole_disk_grows_as_well(tmp_path: Path) -> None:
    with disk(tmp_path) as virtual:
        run("partx", "-d", virtual.node)
        run("wipefs", "-a", virtual.node)
        run(*XFS, virtual.node)

        def act() -> None:
            run("mount", virtual.node, str(virtual.point))
            filled = dict(grow(virtual.clone(Programs()), virtual.place).memory)
            virtual.enlarge()
            programs = Programs()
            assert grow(virtual.clone(programs, filled), virtual.place).changed
            assert programs.ran == ["xfs_growfs"]
            assert total(virtual) > LARGE * 0.85
            run("umount", str(virtual.point))

        assert in_child(lambda: str(act()), namespaces=NEW_MOUNTS) == "None"


def test_a_filesystem_that_does_not_grow_is_an_error(tmp_path: Path) -> None:
    class Lying(Programs):
        def run(self, arguments: Sequence[str], **options: Any) -> Completed:
            words = ["true"] if arguments[0] == "xfs_growfs" else arguments
            return super().run(words, **options)

    with disk(tmp_path) as virtual:

        def act() -> None:
            virtual.enlarge()
            with pytest.raises(GuestError, match="did not grow"):
                grow(virtual.clone(Lying()), virtual.place)

        on(virtual, act)


def test_a_growpart_that_changes_nothing_is_an_error_unless_it_says_so(tmp_path: Path) -> None:
    class Idle(Programs):
        def __init__(self, status: int) -> None:
            super().__init__()
            self.status = status

        def run(self, arguments: Sequence[str], **options: Any) -> Completed:
            words = ["sh", "-c", f"exit {self.status}"] if arguments[0] == "env" else arguments
            return super().run(words, **options)

    with disk(tmp_path) as virtual:

        def act() -> None:
            virtual.enlarge()
            for status in (0, 2):
                with pytest.raises(CommandError):
                    grow(virtual.clone(Idle(status)), virtual.place)
            refused = grow(virtual.clone(Idle(1)), virtual.place)
            assert not refused.changed
            again = Programs()
            assert not grow(virtual.clone(again, dict(refused.memory)), virtual.place).changed
            assert again.ran == []

        on(virtual, act)


@pytest.mark.parametrize("options", ["ro", "rw"])
def test_a_read_only_filesystem_the_setting_and_another_machines_tree_are_left_alone(
    tmp_path: Path, options: str
) -> None:
    with disk(tmp_path) as virtual:

        def act() -> None:
            virtual.enlarge()
            programs = Programs()
            clone = virtual.clone(programs, grow_root=options == "ro")
            assert not grow(clone, virtual.place).changed
            assert not grow(replace(clone, settings=type(clone.settings)(), live=False), virtual.place).changed
            assert programs.ran == []

        on(virtual, act, options)


# What is no disk of the machine's own, as mountinfo and sysfs tell it


def told(path: Path, mount: str, **sysfs: str) -> Place:
    """A place with this line of mountinfo, and these files of sysfs."""
    (path / "mountinfo").write_text(f"1 0 0:1 / / rw - rootfs none rw\n{mount}\n")
    for name, content in sysfs.items():
        file = path / "sys" / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    (path / "dev").mkdir()
    return Place("/", str(path / "mountinfo"), str(path / "sys"), str(path / "dev"))


@pytest.mark.parametrize(
    ("mount", "sysfs", "why"),
    [
        ("21 1 253:0 / / rw - ext4 /dev/mapper/vg-root rw", {"dev__block__253:0__dm__name": "vg-root"}, "logical or"),
        ("21 1 9:0 / / rw - ext4 /dev/md0 rw", {"dev__block__9:0__md__level": "raid1"}, "RAID"),
        ("21 1 0:30 / / rw - overlay overlay rw,lowerdir=/a", {}, "overlay, which is on no disk"),
        ("21 1 0:30 / / rw - tmpfs tmpfs rw", {}, "tmpfs, which is on no disk"),
        ("21 1 0:30 / / rw - zfs rpool/root rw", {}, "zfs, which is on no disk"),
        ("21 1 8:1 /var/lib/machines/c1 / rw - ext4 /dev/sda1 rw", {}, "container"),
        ("21 1 8:1 / / rw - ext4 /dev/sda1 rw", {"dev__block__8:1__size": "8"}, "container"),
        ("21 1 8:1 / / rw - ext4 /dev/sda1 rw", {}, "no block device"),
        ("", {}, "no disk of its own"),
    ],
)
def test_what_cannot_be_grown_says_why(tmp_path: Path, mount: str, sysfs: dict[str, str], why: str) -> None:
    commands = FakeCommands()
    clone = clone_tree(tmp_path / "tree").clone(live=True)
    clone.machine.commands = commands
    result = grow(clone, told(tmp_path, mount, **sysfs))
    assert (result.changed, result.warnings, commands.ran) == (False, (), [])
    assert why in result.detail


def test_the_step_itself_looks_at_the_root() -> None:
    assert STEP.needs == ()
    assert Place() == Place("/", "/proc/self/mountinfo", "/sys", "/dev")
