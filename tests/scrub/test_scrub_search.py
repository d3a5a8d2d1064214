"""Looking through a device: nothing is missed between pieces, and damage and time are told."""

from __future__ import annotations

import fcntl
import os
import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from support.disks import Disk, as_root, disk

from guestseal.machine.clock import Clock, Deadline
from guestseal.scrub.devices import BlockDevice, device_of
from guestseal.scrub.progress import silent
from guestseal.scrub.raw import CHUNK
from guestseal.scrub.search import COMMON, MARKER, Searched, search

pytestmark = as_root


def markers(count: int) -> list[bytes]:
    common = secrets.token_bytes(COMMON)
    return [common + secrets.token_bytes(MARKER - COMMON) for _ in range(count)]


def device(on: Disk) -> BlockDevice:
    found = device_of(on.node)
    assert found is not None
    return found


def look(on: Disk, wanted: list[bytes], seconds: float = 60) -> Searched:
    return search(device(on), wanted, Deadline.after(Clock(), seconds), silent)


def put(on: Disk, *places: tuple[int, bytes]) -> None:
    with open(on.node, "r+b", buffering=0) as file:
        for at, content in places:
            file.seek(at)
            file.write(content)
        os.fsync(file.fileno())


def test_markers_at_every_place_are_found(tmp_path: Path) -> None:
    with disk(tmp_path, 20) as on:
        wanted = markers(8)
        end = 20 << 20
        offsets = [0, 4095, CHUNK - 31, CHUNK - 64, CHUNK + 1, 2 * CHUNK - 1, end - MARKER]
        put(on, *zip(offsets, wanted))
        searched = look(on, wanted)
        assert searched.found == frozenset(wanted[:-1])
        assert (searched.read, searched.size, searched.shortfall) == (end, end, "")


def test_parts_of_a_marker_are_not_taken_for_it(tmp_path: Path) -> None:
    with disk(tmp_path, 20) as on:
        wanted = markers(2)
        put(on, (5000, wanted[0][:-1] + b"?"), (CHUNK - 16, wanted[0][:COMMON]), ((20 << 20) - 20, wanted[1][:20]))
        assert look(on, wanted).found == frozenset()


def test_what_is_in_the_page_cache_only_is_written_before(tmp_path: Path) -> None:
    with disk(tmp_path, 20) as on:
        (wanted,) = markers(1)
        with open(on.node, "r+b", buffering=0) as file:
            file.seek(70_000)
            file.write(wanted)
            assert look(on, [wanted]).found == {wanted}


def test_blocks_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    with disk(tmp_path, 20) as on:
        wanted = markers(2)
        put(on, (5000, wanted[0]), (19 << 20, wanted[1]))
        # The file behind the device ends early: reads beyond are errors.
        os.truncate(on.image, 18 << 20)
        searched = look(on, wanted)
        assert searched.found == {wanted[0]}
        assert (searched.read, searched.unreadable) == (18 << 20, 2 << 20)
        assert searched.shortfall == f"{on.node}: {2 << 20} bytes cannot be read, and were not looked at"


def test_the_time_is_over(tmp_path: Path) -> None:
    with disk(tmp_path, 20) as on:
        searched = look(on, markers(1), seconds=0)
        assert searched.shortfall == f"{on.node}: looked through 0 of 20 MiB only, the time was over"


def test_another_device_under_its_name_is_not_looked_through(tmp_path: Path) -> None:
    with disk(tmp_path, 20) as on:
        other = replace(device(on), number="1:1")
        searched = search(other, markers(1), Deadline.after(Clock(), 60), silent)
        assert "not the block device 1:1" in searched.shortfall
        nowhere = replace(device(on), name="no-such-disk")
        assert "not looked through" in search(nowhere, markers(1), Deadline.after(Clock(), 60), silent).shortfall


@pytest.mark.parametrize("size", [512, 4096 + 512])
def test_a_device_of_an_odd_size(tmp_path: Path, size: int) -> None:
    with disk(tmp_path, 1) as on:
        os.truncate(on.image, size)
        fd = os.open(on.node, os.O_RDONLY)
        fcntl.ioctl(fd, 0x4C07)  # LOOP_SET_CAPACITY
        os.close(fd)
        (wanted,) = markers(1)
        put(on, (size - MARKER, wanted))
        searched = look(on, [wanted])
        assert (searched.found, searched.read) == ({wanted}, size)
