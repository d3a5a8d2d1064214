"""Trimming: every free block, on every filesystem, and what is said where that is not so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.disks import BTRFS, EXT4, XFS, as_root, disk, secret, write_secrets

from guestseal.guest.root import Root
from guestseal.machine.clock import Clock, Deadline
from guestseal.scrub.devices import filesystems
from guestseal.scrub.trim import Trim, trim

pytestmark = as_root


def trimmed(top: Path, seconds: float = 60) -> tuple[Trim, list[tuple[str, int, int]]]:
    told: list[tuple[str, int, int]] = []
    with Root(str(top)) as root:
        own = filesystems(root)[0]
        return trim(own, Deadline.after(Clock(), seconds), lambda *what: told.append(what)), told


@pytest.mark.system
@pytest.mark.parametrize(("make", "size"), [(EXT4, 96), (XFS, 320)], ids=["ext4", "xfs"])
def test_hundreds_of_small_free_pieces_are_trimmed(tmp_path: Path, make: tuple[str, ...], size: int) -> None:
    files = 320

    def act(top: Path) -> str:
        (paths,) = write_secrets(top, files, "unlinked")
        for path in paths:
            (top / path[1:]).unlink()
        result, told = trimmed(top)
        assert told[-1] == ("trimming /", told[-1][2], told[-1][2])
        return json.dumps([result.trimmed, result.granularity, result.why])

    with disk(tmp_path, size, *make) as on:
        count, granularity, why = json.loads(on.mounted(act))
        assert count > 64 << 20
        assert (granularity, why) == (4096, "")
        # fstrim(8) leaves 102 of 400 on the XFS of Linux 6.18, and says that it trimmed everything.
        assert on.count([secret("unlinked", number) for number in range(files)]) == 0


@pytest.mark.parametrize("make", [EXT4, BTRFS], ids=["ext4", "btrfs"])
def test_the_deadline_is_kept(tmp_path: Path, make: tuple[str, ...]) -> None:
    with disk(tmp_path, 128, *make) as on:
        result = on.mounted(lambda top: trimmed(top, seconds=0)[0].why)
        assert result.startswith("/ (")
        assert result.endswith("MiB only, the time was over")


def test_a_filesystem_that_is_gone_is_told(tmp_path: Path) -> None:
    with disk(tmp_path, 32, *EXT4) as on:

        def act(top: Path) -> str:
            with Root(str(top)) as root:
                own = filesystems(root)[0]
            # Its descriptor went with the root.
            return trim(own, Deadline.after(Clock(), 60), lambda *_: None).why

        assert on.mounted(act).startswith("not trimmed: /: ")
