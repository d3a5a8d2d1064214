"""Filling free space: how far it reaches, and what an interruption leaves."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.disks import EXT4, EXT4_SMALL, XFS, as_root, disk, run, secret, write_secrets

from guestseal.guest.root import Root
from guestseal.machine.clock import Clock, Deadline
from guestseal.scrub.devices import BlockDevice, Filesystem, filesystems
from guestseal.scrub.fill import Fill, Filled
from guestseal.scrub.progress import Progress, silent

pytestmark = as_root

FILES = 120
EXT3 = ("mkfs.ext3", "-q", "-F", "-b", "1024")
FAT = ("mkfs.vfat", "-F", "32")


def reserved(name: str) -> str:
    return Path(f"/sys/fs/ext4/{name}/reserved_clusters").read_text()


def filled(top: Path, fill: Fill) -> Filled:
    with Root(str(top)) as root:
        return fill.fill(filesystems(root)[0])


def how(progress: Progress = silent, *, seconds: float = 60, margin: int = 0) -> Fill:
    return Fill(Deadline.after(Clock(), seconds), progress, margin=margin)


def free(top: Path) -> int:
    state = os.statvfs(top)
    return state.f_bfree * state.f_frsize


@pytest.mark.system
@pytest.mark.parametrize("make", [EXT4, EXT4_SMALL, EXT3], ids=["4k", "1k", "ext3"])
def test_no_deleted_secret_is_left(tmp_path: Path, make: tuple[str, ...]) -> None:
    with disk(tmp_path, 96, *make) as on:

        def act(top: Path) -> str:
            (paths,) = write_secrets(top, FILES, "unlinked")
            for path in paths:
                (top / path[1:]).unlink()
            before = reserved(on.name), free(top)
            result = filled(top, how())
            after = reserved(on.name), free(top)
            assert (after[0], after[1] >= before[1] - 65536) == (before[0], True)
            return json.dumps([result.left, result.why, result.written])

        left, why, written = json.loads(on.mounted(act))
        assert (left, why) == (0, "")
        assert written > 64 << 20
        assert on.count([secret("unlinked", number) for number in range(FILES)]) == 0


def test_a_margin_and_the_deadline_are_kept(tmp_path: Path) -> None:
    with disk(tmp_path, 32, *EXT4) as on:

        def act(top: Path) -> str:
            kept = free(top) - filled(top, how(margin=8 << 20)).written
            assert 8 << 20 <= kept <= 9 << 20
            return filled(top, how(seconds=0)).why

        assert on.mounted(act).endswith("MiB only, the time was over")


@pytest.mark.skipif("vfat" not in Path("/proc/filesystems").read_text(), reason="this kernel has no vfat")
def test_a_filesystem_without_unnamed_files_is_filled_as_well(tmp_path: Path) -> None:
    with disk(tmp_path, 40, *FAT) as on:

        def act(top: Path) -> str:
            before = free(top)
            result = filled(top, how())
            assert (result.why, result.left, free(top)) == ("", 0, before)
            return str(sorted(path.name for path in top.iterdir()))

        assert on.mounted(act) == "['etc', 'home', 'root', 'var']"


@pytest.mark.parametrize(("number", "ending"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])
def test_an_interruption_frees_the_space_and_restores_the_reserve(
    tmp_path: Path, number: signal.Signals, ending: type[BaseException]
) -> None:
    with disk(tmp_path, 96, *EXT4) as on:

        def interrupt(*_: object) -> None:
            assert reserved(on.name) == "0\n"
            os.kill(os.getpid(), number)

        def act(top: Path) -> str:
            before = reserved(on.name), free(top), signal.getsignal(number)
            with pytest.raises(ending):
                filled(top, how(interrupt))
            assert (reserved(on.name), free(top), signal.getsignal(number)) == before
            return "interrupted"

        assert on.mounted(act) == "interrupted"


def test_a_kill_leaves_no_file(tmp_path: Path) -> None:
    with disk(tmp_path, 96, *EXT4) as on:
        before = on.mounted(lambda top: str(free(top)))

        def die(*_: object) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        def act(top: Path) -> str:
            child = os.fork()
            if child == 0:
                filled(top, how(die))
            assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
            return str(free(top))

        assert on.mounted(act) == before


def test_an_ignored_interrupt_is_ignored_again_afterwards(tmp_path: Path) -> None:
    with disk(tmp_path, 32, *EXT4) as on:

        def act(top: Path) -> str:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            assert not filled(top, how()).why
            return str(signal.getsignal(signal.SIGINT) == signal.SIG_IGN)

        assert on.mounted(act) == "True"


def refused(top: Path, change: Callable[[Filesystem], Filesystem]) -> str:
    with Root(str(top)) as root:
        before = free(top)
        result = how().fill(change(filesystems(root)[0]))
        assert (result.written, free(top)) == (0, before)
        return result.why


def test_what_cannot_be_filled_is_refused(tmp_path: Path) -> None:
    with disk(tmp_path, 320, *XFS) as on:
        assert "filling does not reach what xfs keeps" in on.mounted(lambda top: refused(top, lambda own: own))


def test_an_overlay_is_not_filled(tmp_path: Path) -> None:
    def act() -> str:
        # On a disk of its own: nobody else changes what is free there.
        run("mount", "-t", "tmpfs", "tmpfs", str(tmp_path))
        for name in ("lower", "upper", "work", "top"):
            (tmp_path / name).mkdir()
        layers = f"lowerdir={tmp_path}/lower,upperdir={tmp_path}/upper,workdir={tmp_path}/work"
        run("mount", "-t", "overlay", "overlay", "-o", layers, str(tmp_path / "top"))
        return refused(tmp_path / "top", lambda own: own)

    assert "it lies on no block device" in in_child(act, namespaces=NEW_MOUNTS)


def test_a_thin_volume_is_filled_only_when_forced(tmp_path: Path) -> None:
    thin = tmp_path / "sys/devices/virtual/block/dm-0"
    (thin / "dm").mkdir(parents=True)
    (thin / "dm/uuid").write_text("LVM-abc-tpool\n")
    volume = BlockDevice("253:0", "dm-0", thin)
    with disk(tmp_path, 32, *EXT4) as on:

        def act(top: Path) -> str:
            why = refused(top, lambda own: replace(own, devices=(volume,)))
            with Root(str(top)) as root:
                own = replace(filesystems(root)[0], devices=(volume,))
                assert replace(how(), force=True).fill(own).written
            return why

        assert "a thin logical volume, which would take its full size" in on.mounted(act)
