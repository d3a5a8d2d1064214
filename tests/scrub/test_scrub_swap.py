"""Wiping swap, on loop devices that the tests made: never on swap of this machine's own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.disks import EXT4, Disk, as_root, disk, run

from guestseal.errors import GuestError
from guestseal.guest.root import Root
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.commands import Commands
from guestseal.scrub.progress import silent
from guestseal.scrub.swap import SwapArea, SwapWipe, Wiped, areas, read_header, written_back

pytestmark = as_root

UUID, LABEL = "3b2f1c5e-8a64-4d0f-9f0e-1c2d3e4f5a6b", "template-swap"
PAGE = 4096
HEADING = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Root]:
    (tmp_path / "guest/etc").mkdir(parents=True)
    with Root(str(tmp_path / "guest")) as root:
        yield root


@contextmanager
def swap_disk(tmp_path: Path) -> Iterator[Disk]:
    """A swap area full of what memory once held."""
    with disk(tmp_path, 16, "mkswap", "--uuid", UUID, "--label", LABEL) as on:
        with open(on.node, "r+b", buffering=0) as file:
            file.seek(PAGE)
            file.write(secrets.token_bytes((16 << 20) - PAGE))
            os.fsync(file.fileno())
        yield on


def wiping(root: Root, seconds: float = 60) -> SwapWipe:
    return SwapWipe(root, Commands(), Deadline.after(Clock(), seconds), silent)


def identity(on: Disk) -> str:
    return run("blkid", "--probe", "--output", "export", on.node)


def in_use() -> list[str]:
    return [line.split()[0] for line in Path("/proc/swaps").read_text().splitlines()[1:]]


@pytest.mark.parametrize("swapon", [False, True])
def test_an_active_partition(tmp_path: Path, root: Root, swapon: bool) -> None:
    with swap_disk(tmp_path) as on:
        before = identity(on)
        header = on.image.read_bytes()[:PAGE]
        assert f"UUID={UUID}" in before
        assert f"LABEL={LABEL}" in before
        run("swapon", on.node)
        try:
            table = tmp_path / "swaps"
            lines = Path("/proc/swaps").read_text().splitlines(keepends=True)
            table.write_text(HEADING + "".join(line for line in lines if line.startswith(f"{on.node} ")))
            (area,) = areas(root, str(table))
            assert area == SwapArea(on.node, is_file=False, active=True)
            assert wiping(root).wipe(area, swapon=swapon) == Wiped(on.node, (16 << 20) - PAGE)
            assert (on.node in in_use()) is swapon
        finally:
            if on.node in in_use():
                run("swapoff", on.node)
        assert identity(on) == before
        assert on.image.read_bytes() == header + bytes((16 << 20) - PAGE)


def test_a_file_of_blocks_that_were_never_written_to_as_a_file(tmp_path: Path) -> None:
    with disk(tmp_path, 64, *EXT4) as on:

        def make(top: Path) -> str:
            run("fallocate", "--length", "8M", str(top / "swapfile"))
            (top / "swapfile").chmod(0o600)
            run("mkswap", "--uuid", UUID, "--label", LABEL, str(top / "swapfile"))
            return ""

        on.mounted(make)
        # What the kernel does when it swaps: it writes to the blocks, and the file goes on saying that they are empty.
        block = int(run("debugfs", "-R", "bmap /swapfile 3", str(on.image)).split()[0])
        needle = secrets.token_bytes(32)
        with open(on.node, "r+b", buffering=0) as file:
            file.seek(block * PAGE)
            file.write(needle)
            os.fsync(file.fileno())

        def act(top: Path) -> str:
            assert needle not in (top / "swapfile").read_bytes()
            header = (top / "swapfile").read_bytes()[:PAGE]
            table = tmp_path / "swaps"
            table.write_text(f"{HEADING}/swapfile file 8188 0 -2\n")
            run("swapon", str(top / "swapfile"))
            with Root(str(top)) as root:
                (area,) = areas(root, str(table))
                assert wiping(root).wipe(area) == Wiped("/swapfile", (8 << 20) - PAGE)
            assert str(top / "swapfile") not in in_use()
            assert (top / "swapfile").read_bytes() == header.ljust(8 << 20, b"\0")
            return run("blkid", "--probe", str(top / "swapfile"))

        assert on.count([needle]) == 1
        said = on.mounted(act)
        assert UUID in said
        assert LABEL in said
        assert on.count([needle]) == 0


def test_a_hibernation_image_in_swap_that_is_not_in_use(tmp_path: Path, root: Root) -> None:
    with swap_disk(tmp_path) as on:
        before = identity(on)
        clean = on.image.read_bytes()[:PAGE]
        with open(on.node, "r+b", buffering=0) as file:
            # kernel/power/swap.c, struct swsusp_header: the image's place, the old signature, its own.
            file.write(clean[: PAGE - 48] + b"\x77" * 28 + b"SWAPSPACE2S1SUSPEND\0")
            os.fsync(file.fileno())
        assert "swsuspend" in identity(on)
        Path(root.path, "etc/fstab").write_text(f"# swap\n{on.node} none swap sw 0 0\n/dev/zram0 none swap sw 0 0\n")
        table = tmp_path / "swaps"
        table.write_text(HEADING)
        (area,) = areas(root, str(table))
        assert area == SwapArea(on.node, is_file=False, active=False)
        assert not wiping(root).wipe(area).why
        assert identity(on) == before
        assert on.image.read_bytes() == clean.ljust(16 << 20, b"\0")


def test_what_is_mounted_is_never_wiped(tmp_path: Path, root: Root) -> None:
    with disk(tmp_path, 32, *EXT4) as on:
        area = SwapArea(on.node, is_file=False, active=False)
        assert "no swap signature" in wiping(root).wipe(area).why
    with swap_disk(tmp_path) as on:
        content = on.image.read_bytes()
        run("swapon", on.node)
        try:
            # In use, and not known to be: the kernel refuses it.
            why = wiping(root).wipe(SwapArea(on.node, is_file=False, active=False)).why
        finally:
            run("swapoff", on.node)
        assert "busy" in why.lower()
        assert on.image.read_bytes() == content


def test_swap_that_memory_cannot_take_back_stays_in_use(tmp_path: Path, root: Root) -> None:
    memory = tmp_path / "meminfo"
    memory.write_text("MemTotal: 1000000 kB\nMemAvailable: 100000 kB\n")
    with swap_disk(tmp_path) as on:
        run("swapon", on.node)
        try:
            area = SwapArea(on.node, is_file=False, active=True, used=90 << 20)
            why = wiping(root).wipe(area, memory=str(memory)).why
            assert "90 MiB are swapped out and only 97 MiB of memory are free" in why
            assert on.node in in_use()
        finally:
            run("swapoff", on.node)


def test_the_deadline_is_kept_and_the_header_stays(tmp_path: Path, root: Root) -> None:
    with swap_disk(tmp_path) as on:
        before = identity(on)
        why = wiping(root, seconds=0).wipe(SwapArea(on.node, is_file=False, active=False)).why
        assert why == f"swap {on.node}: not wiped: zeroed up to 0 of 16 MiB, the time was over"
        assert identity(on) == before


def test_names_in_the_table_are_unescaped_and_zram_is_passed_over(tmp_path: Path, root: Root) -> None:
    table = tmp_path / "swaps"
    table.write_text(f"{HEADING}/my\\040swap file 2044 1024 -2\n/dev/zram0 partition 2044 0 100\n")
    assert areas(root, str(table)) == [SwapArea("/my swap", is_file=True, active=True, used=1 << 20)]


def test_a_kernel_without_swap_has_no_table_and_nothing_is_in_use(tmp_path: Path, root: Root) -> None:
    assert areas(root, str(tmp_path / "none")) == []


def test_a_deleted_file_and_a_missing_device_are_told(root: Root) -> None:
    gone = wiping(root).wipe(SwapArea("/swap (deleted)", is_file=True, active=True))
    assert "not there any more" in gone.why
    missing = wiping(root).wipe(SwapArea("/dev/no-such-disk", is_file=False, active=True))
    assert "no block device" in missing.why


@pytest.mark.parametrize("size", [4096, 16384, 65536])
def test_headers_of_every_page_size(tmp_path: Path, size: int) -> None:
    image = tmp_path / "swap"
    image.write_bytes(bytes(1 << 20))
    run("mkswap", "--pagesize", str(size), "--uuid", UUID, "--label", LABEL, str(image))
    with image.open("rb") as file:
        assert read_header(file.fileno(), "swap") == image.read_bytes()[:size]


def test_a_header_of_another_version_is_refused(tmp_path: Path) -> None:
    image = tmp_path / "swap"
    image.write_bytes(bytes(PAGE - 10) + b"SWAPSPACE2" + bytes(PAGE))
    with image.open("rb") as file, pytest.raises(GuestError, match="version 0"):
        read_header(file.fileno(), "swap")


def test_zram_that_writes_back_is_told(tmp_path: Path) -> None:
    for number, disk_name in enumerate(("none", "/dev/vdb")):
        (tmp_path / f"block/zram{number}").mkdir(parents=True)
        (tmp_path / f"block/zram{number}/backing_dev").write_text(f"{disk_name}\n")
    (told,) = written_back(tmp_path)
    assert told.startswith("zram1 writes pages back to /dev/vdb")
