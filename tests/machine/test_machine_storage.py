"""Disks under filesystems: on made-up machines, and on a loop device with real tables and filesystems."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from support.block_devices import GPT, LINUX_GUID, Part, blkid, gpt, lay, msdos
from support.children import NEW_MOUNTS, in_child
from support.disks import as_root, run
from support.machine import FakeCommands

from guestseal.machine import partition_table
from guestseal.machine.block import NoDisk
from guestseal.machine.commands import Commands
from guestseal.machine.partition_table import BIOS_BOOT, EFI_SYSTEM, MSDOS
from guestseal.machine.storage import Storage, Volume

with_sfdisk = pytest.mark.skipif(shutil.which("sfdisk") is None, reason="makes partitions")


def storage(tmp_path: Path, disks: dict[str, bytes], *parts: Part, said: dict[str, bytes] | None = None) -> Storage:
    lay(tmp_path, disks, parts)
    return Storage(FakeCommands(said), root=str(tmp_path))


def test_a_partition_is_on_its_disk(tmp_path: Path) -> None:
    found = storage(tmp_path, {"vda": GPT, "vdb": GPT}, Part("vda1", point="/"), Part("vdb1", point="/data"))
    assert (found.node_at("/"), found.disks_at("/"), found.disks_at("/data")) == (
        "/dev/vda1",
        ("/dev/vda",),
        ("/dev/vdb",),
    )
    assert found.disks_of("/dev/vdb1") == ("/dev/vdb",)
    assert found.disks_of("/dev/nothing") == ()


def test_a_volume_is_on_all_its_disks(tmp_path: Path) -> None:
    parts = (
        Part("sda1"),
        Part("sdb1"),
        Part("dm-0", slaves=("sda1", "sdb1")),
        Part("dm-1", point="/", slaves=("dm-0",)),
    )
    assert storage(tmp_path, {"sda": GPT, "sdb": GPT}, *parts).disks_at("/") == ("/dev/sda", "/dev/sdb")


def test_a_disk_that_is_not_in_dev_is_none(tmp_path: Path) -> None:
    found = storage(tmp_path, {"vda": GPT}, Part("vda1", point="/"))
    (tmp_path / "dev/vda").unlink()
    with pytest.raises(NoDisk, match="container"):
        found.disks_at("/")


def test_what_is_not_mounted_is_on_no_disk(tmp_path: Path) -> None:
    with pytest.raises(NoDisk, match="table of mounts"):
        storage(tmp_path, {"vda": GPT}).disks_at("/")
    with pytest.raises(NoDisk, match="mountinfo"):
        Storage(FakeCommands(), root="/nonexistent").disks_at("/")


def test_tags_are_as_blkid_says_them(tmp_path: Path) -> None:
    said = blkid(
        {"DEVNAME": "/dev/sda1", "UUID": "1-A", "LABEL": "my\\ data"}, {"DEVNAME": "/dev/sda2", "PARTUUID": "p"}
    )
    found = storage(tmp_path, {}, said=said)
    assert found.volumes == (
        Volume("/dev/sda1", {"UUID": "1-A", "LABEL": "my data"}),
        Volume("/dev/sda2", {"PARTUUID": "p"}),
    )
    assert not found.lacks("UUID=1-a", ("UUID", "1-a"))
    assert found.lacks("UUID=2", ("UUID", "2"))
    assert found.lacks("/dev/x", None)
    assert not found.lacks("tmpfs", None)


@pytest.mark.parametrize("said", [None, {"blkid": b""}])
def test_where_blkid_tells_nothing_nothing_is_lacking(tmp_path: Path, said: dict[str, bytes] | None) -> None:
    assert not storage(tmp_path, {}, said=said).lacks("UUID=2", ("UUID", "2"))


def test_a_uuid_is_certain_when_one_filesystem_has_it(tmp_path: Path) -> None:
    part = Part("sda1", point="/")
    one = {"DEVNAME": "/dev/sda1", "UUID": "1"}
    assert storage(tmp_path / "a", {"sda": GPT}, part, said=blkid(one)).uuid_at("/") == "1"
    assert storage(tmp_path / "b", {"sda": GPT}, part, said=blkid(one)).uuid_at("/data") is None
    assert (
        storage(tmp_path / "c", {"sda": GPT}, part, said=blkid(one, {**one, "DEVNAME": "/dev/sdb1"})).uuid_at("/")
        is None
    )
    assert storage(tmp_path / "d", {"sda": GPT}, part, said=blkid({"DEVNAME": "/dev/sda1"})).uuid_at("/") is None
    assert storage(tmp_path / "e", {"sda": GPT}, part).uuid_at("/") is None


def test_the_first_partition_of_a_disk_is_the_one_that_begins_first(tmp_path: Path) -> None:
    parts = (Part("vda1", start=4096), Part("vda14", start=34), Part("vdb1", start=63))
    found = storage(tmp_path, {"vda": GPT, "vdb": GPT, "vdc": GPT}, *parts)
    assert [found.first_sector(f"/dev/{name}") for name in ("vda", "vdb", "vdc")] == [34, 63, None]


def test_a_volume_is_on_each_partition_once(tmp_path: Path) -> None:
    parts = (Part("vda1"), Part("vdb1"), Part("dm-1", slaves=("vda1",)), Part("dm-2", slaves=("vda1", "vdb1")))
    found = storage(tmp_path, {"vda": GPT, "vdb": GPT}, *parts, Part("dm-0", point="/", slaves=("dm-1", "dm-2")))
    assert found.partitions_at("/") == ("/dev/vda1", "/dev/vdb1")


def test_partitions_of_one_disk_follow_each_other(tmp_path: Path) -> None:
    parts = (Part("sda1", start=4096, point="/"), Part("sda2", start=8192, point="/x"), Part("sda3", start=2048))
    found = storage(tmp_path, {"sda": GPT}, *parts)
    assert (found.followed("/"), found.followed("/x")) == (True, False)


@pytest.mark.parametrize(
    ("content", "kind", "types", "code"),
    [
        (GPT, "gpt", {LINUX_GUID, BIOS_BOOT, EFI_SYSTEM[0]}, True),
        (gpt(sector=4096, code=b""), "gpt", set(), False),
        (msdos(0x83, 0xEF), MSDOS, {"83", "ef"}, True),
        (msdos(), "", set(), True),
        (b"", "", set(), False),
        (bytes(446) + b"\x33" * 64 + b"\x55\xaa", "", set(), False),
        (msdos(0xEE) + b"EFI PART" + b"\xff" * 504, "gpt", set(), True),
        (msdos(0xEE), MSDOS, {"ee"}, True),
    ],
)
def test_a_table_is_what_the_first_sectors_say(
    tmp_path: Path, content: bytes, kind: str, types: set[str], code: bool
) -> None:
    (tmp_path / "disk").write_bytes(content)
    found = partition_table.read(str(tmp_path / "disk"))
    assert (found.kind, found.types, found.boot_code) == (kind, types, code)


def test_a_disk_that_cannot_be_read_has_no_table(tmp_path: Path) -> None:
    with pytest.raises(NoDisk, match="cannot be read"):
        storage(tmp_path, {}).table("/dev/vda")


@with_sfdisk
@pytest.mark.parametrize(
    ("script", "kind", "types"),
    [
        ("label: gpt\nsize=1MiB, type=21686148-6449-6E6F-744E-656564454649\ntype=L\n", "gpt", {BIOS_BOOT, LINUX_GUID}),
        ("label: dos\nsize=1MiB, type=ef\ntype=83, bootable\n", MSDOS, {"ef", "83"}),
        ("label: sun\nsize=4MiB\n", "", set()),
    ],
)
def test_tables_are_those_that_sfdisk_makes(tmp_path: Path, script: str, kind: str, types: set[str]) -> None:
    image = tmp_path / "disk.img"
    image.touch()
    os.truncate(image, 16 << 20)
    subprocess.run(["sfdisk", "-q", image], input=script, text=True, check=True, capture_output=True, timeout=60)
    found = partition_table.read(str(image))
    assert (found.kind, found.types) == (kind, types)


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[str]:
    image = tmp_path / "disk.img"
    image.touch()
    os.truncate(image, 64 << 20)
    script = "label: gpt\nsize=16MiB\nsize=16MiB, type=S\n"
    subprocess.run(["sfdisk", "-q", image], input=script, text=True, check=True, capture_output=True, timeout=60)
    node = run("losetup", "--find", "--show", str(image)).strip()
    try:
        run("partx", "-a", node)
        end = time.monotonic() + 5
        while not os.path.exists(f"{node}p2"):
            assert time.monotonic() < end
            time.sleep(0.01)
        yield node
    finally:
        with suppress(subprocess.CalledProcessError):
            run("partx", "-d", node)
        run("losetup", "--detach", node)


@as_root
@with_sfdisk
@pytest.mark.skipif(shutil.which("partx") is None, reason="makes partitions")
def test_a_mounted_image_is_on_its_loop_device(tmp_path: Path, loop: str) -> None:
    uuid = "11111111-2222-3333-4444-555555555555"
    run("mkfs.ext4", "-q", "-U", uuid, "-L", "a b", f"{loop}p1")
    point = tmp_path / "mounted"
    point.mkdir()

    def look() -> str:
        run("mount", "-o", "ro", f"{loop}p1", str(point))
        try:
            found = Storage(Commands())
            assert found.disks_at(str(point)) == (loop,)
            assert found.partitioned(loop)
            assert found.followed(str(point))
            assert found.table(loop).kind == "gpt"
            assert found.uuid_at(str(point)) == uuid
            volume = found.named("LABEL", "a b")
            assert volume is not None
            assert found.disks_of(volume.node) == (loop,)
            assert found.room(str(point)).free < 16 << 20
        finally:
            run("umount", str(point))
        return "done"

    assert in_child(look, namespaces=NEW_MOUNTS) == "done"
