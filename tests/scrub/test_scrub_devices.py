"""What lies behind a guest's filesystems, on real mounts and on trees like /sys."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from support.disks import BTRFS, EXT4, XFS, as_root, disk, run

from guestseal.errors import GuestError
from guestseal.guest.root import Root
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.commands import Commands
from guestseal.scrub.devices import BlockDevice, Filesystem, block_device, filesystems
from guestseal.scrub.overwriting import why_not, why_not_file
from guestseal.scrub.snapshots import copies


def described(top: Path) -> list[list[object]]:
    with Root(str(top)) as root:
        return [
            [own.path, own.kind, own.writable, [device.name for device in own.devices]] for own in filesystems(root)
        ]


@as_root
@pytest.mark.parametrize(("make", "kind"), [(EXT4, "ext4"), (BTRFS, "btrfs")], ids=["ext4", "btrfs"])
def test_a_filesystem_and_its_disk(tmp_path: Path, make: tuple[str, ...], kind: str) -> None:
    with disk(tmp_path, 128, *make) as on:
        assert on.mounted(lambda top: str(described(top))) == str([["/", kind, True, [on.name]]])


@as_root
def test_mounts_within(tmp_path: Path) -> None:
    with disk(tmp_path, 32, *EXT4) as on, disk(tmp_path, 32, *EXT4) as other:

        def act(top: Path) -> str:
            for name in ("lent", "memory"):
                (top / name).mkdir()
            run("mount", "-o", "ro", other.node, str(top / "home"))
            run("mount", "--bind", str(top / "etc"), str(top / "lent"))
            run("mount", "-t", "tmpfs", "tmpfs", str(top / "memory"))
            try:
                return str(described(top))
            finally:
                run("umount", str(top / "home"), str(top / "lent"), str(top / "memory"))

        expected = [["/", "ext4", True, [on.name]], ["/home", "ext4", False, [other.name]]]
        assert on.mounted(act) == str(expected)


def test_a_directory_of_another_machines_filesystem_is_refused(tmp_path: Path) -> None:
    with Root(str(tmp_path)) as root, pytest.raises(GuestError, match="not a whole mounted filesystem"):
        filesystems(root)


@as_root
def test_subvolumes_of_one_btrfs_on_two_disks(tmp_path: Path) -> None:
    with disk(tmp_path, 128) as one, disk(tmp_path, 128) as two:
        run(*BTRFS, one.node, two.node)

        def act(top: Path) -> str:
            run("btrfs", "subvolume", "create", str(top / "sub"))
            run("mount", "-o", "subvol=sub", one.node, str(top / "home"))
            try:
                return str(described(top))
            finally:
                run("umount", str(top / "home"))

        assert one.mounted(act, f"device={one.node},device={two.node}") == str(
            [["/", "btrfs", True, sorted([one.name, two.name])]]
        )


def made(sys: Path, name: str, number: str, below: tuple[str, ...] = (), **files: str) -> BlockDevice:
    """A block device as /sys shows it."""
    directory = sys / "devices/virtual/block" / name
    for path, content in {"dev": number, **files}.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(f"{content}\n")
    (directory / "slaves").mkdir(exist_ok=True)
    for other in below:
        os.symlink(f"../../{other}", directory / "slaves" / other)
    (sys / "dev/block").mkdir(parents=True, exist_ok=True)
    os.symlink(f"../../devices/virtual/block/{name}", sys / "dev/block" / number)
    found = block_device(number, sys)
    assert found is not None
    return found


def told(device: BlockDevice, kind: str = "ext4") -> list[str]:
    own = Filesystem("/", kind, frozenset(("rw",)), (device,), -1)
    with Root("/") as root:
        every = copies(root, (own,), Commands(), Deadline.after(Clock(), 60))
        return [line for line in every if line.startswith(str(own))]


def test_a_snapshot_of_a_logical_volume(tmp_path: Path) -> None:
    made(tmp_path, "dm-1", "253:1", **{"dm/uuid": "LVM-abcdef-real"})
    origin = made(tmp_path, "dm-0", "253:0", ("dm-1",), **{"dm/uuid": "LVM-abcdef"})
    assert [line for line in told(origin) if "an LVM snapshot keeps what was deleted" in line]
    assert not origin.thin


def test_a_thin_volume(tmp_path: Path) -> None:
    made(tmp_path, "dm-1", "253:1", **{"dm/uuid": "LVM-pool-tpool"})
    made(tmp_path, "dm-0", "253:0", ("dm-1",), **{"dm/uuid": "LVM-thin"})
    encrypted = made(tmp_path, "dm-2", "253:2", ("dm-0",), **{"dm/uuid": "CRYPT-LUKS2-x"})
    assert encrypted.thin == "a thin logical volume"
    assert [line for line in told(encrypted) if "a thin pool keeps freed pieces" in line]


def test_a_plain_disk_and_its_partition(tmp_path: Path) -> None:
    queue = {"queue/discard_granularity": "4096", "queue/discard_max_bytes": "1073741824"}
    whole = made(tmp_path, "sda", "8:0", **queue, **{"device/scsi_disk/0:0:0:0/thin_provisioning": "1"})
    part = made(tmp_path, "sda/sda1", "8:1", partition="1")
    assert (whole.discard_granularity, part.discard_granularity) == (4096, 4096)
    assert part.thin == "a disk that its storage provisions thinly"
    assert told(part) == []
    deaf = made(tmp_path, "vda", "254:0", **{"queue/discard_granularity": "512", "queue/discard_max_bytes": "0"})
    assert (deaf.discard_granularity, deaf.thin, deaf.is_array) == (0, "", False)


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("ext4", "rw", ""),
        ("xfs", "rw", ""),
        ("ext3", "rw,data=journal", "keeps copies of file content in the journal"),
        ("btrfs", "rw", "copy on write"),
        ("zfs", "rw", "copy on write"),
        ("f2fs", "rw", "log-structured"),
        ("overlay", "rw", "the file of the lower layer stays"),
        ("reiserfs", "rw", "where reiserfs writes is not known"),
    ],
)
def test_where_overwriting_counts(kind: str, options: str, words: str) -> None:
    why = why_not(Filesystem("/", kind, frozenset(options.split(",")), (), -1))
    assert (words in why) if words else (why is None)
    assert why is None or why.startswith(f"/ ({kind}): overwriting does not count")


@as_root
def test_files_that_overwriting_does_not_reach(tmp_path: Path) -> None:
    def act(top: Path) -> str:
        for name in ("alone", "shared", "named"):
            (top / name).write_bytes(os.urandom(20_000))
        (top / "empty").touch()
        os.link(top / "named", top / "other-name")
        subprocess.run(["cp", "--reflink=always", top / "shared", top / "copy"], check=True)
        with Root(str(top)) as root:
            names = ("alone", "shared", "copy", "named", "empty", "missing", "etc")
            return str([why_not_file(root, f"/{name}") for name in names])

    shares = "overwriting does not count, it shares blocks with another file"
    with disk(tmp_path, 320, *XFS) as on:
        assert on.mounted(act) == str(
            [
                None,
                f"/shared: {shares}",
                f"/copy: {shares}",
                "/named: not overwritten, because it has a second name",
                None,
                None,
                None,
            ]
        )


@as_root
def test_a_snapshot_of_btrfs(tmp_path: Path) -> None:
    def act(top: Path) -> str:
        with Root(str(top)) as root:
            own = filesystems(root)
            deadline = Deadline.after(Clock(), 60)
            before = list(copies(root, own, Commands(), deadline))
            run("btrfs", "subvolume", "snapshot", str(top), str(top / "before"))
            return str(
                [before, len([line for line in copies(root, own, Commands(), deadline) if "1 snapshots" in line])]
            )

    with disk(tmp_path, 128, *BTRFS) as on:
        assert on.mounted(act) == "[[], 1]"


@as_root
def test_the_layers_of_an_overlay(tmp_path: Path) -> None:
    own = Filesystem("/", "overlay", frozenset(("rw",)), (), -1)
    with Root(str(tmp_path)) as root:
        (said,) = copies(root, (own,), Commands(), Deadline.after(Clock(), 60))
    assert said.startswith("/ (overlay): the lower layers of an overlay keep every file as it was")
