"""A clone whose disk is larger than its template's: its own kernel, programs and units grow the root filesystem."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from support import vm
from support.debian import guestseal, run

pytestmark = pytest.mark.vm

MIB = 1 << 20
START, TEMPLATE, LARGER = MIB, 3 << 30, 5 << 30
"""Where the partition begins; the sizes of the template's filesystem and of the clone's disk."""


class Partitioned(vm.VirtualMachine):
    """A machine with its root on the disk's first partition."""

    def _words(self, *arguments: Any) -> list[str]:
        return [word.replace("root=/dev/vda ", "root=/dev/vda1 ") for word in super()._words(*arguments)]


def test_a_first_boot_fills_a_larger_disk(tmp_path: Path) -> None:
    """ext4 on a GPT, without growpart: as an installer leaves a Debian."""
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key")
    master, disk = vm.make_master(tmp_path, tmp_path / "key"), tmp_path / "clone.img"
    _seal(master, tmp_path / "mounted")
    try:
        run("truncate", "-s", str(LARGER), disk)
        run("sfdisk", "-q", disk, input=f"label: gpt\nstart={START // 512}, size={TEMPLATE // 512}\n")
        run("dd", f"if={master}", f"of={disk}", "bs=1M", "seek=1", "conv=notrunc,sparse", timeout=300)
        with Partitioned(disk, tmp_path) as machine:
            machine.expect("login: ")
            machine.press_power_button()
            assert machine.wait_until_off() == "guest-shutdown"
        table = json.loads(run("sfdisk", "-J", disk).stdout)["partitiontable"]
        assert table["partitions"][0]["size"] * 512 > LARGER - 3 * MIB, machine.output[-4000:]
        superblock = run("dumpe2fs", "-h", f"{disk}?offset={START}").stdout
        blocks, size = (
            int(re.findall(rf"^{name}:\s+(\d+)$", superblock, re.M)[0]) for name in ("Block count", "Block size")
        )
        assert blocks * size > LARGER - 4 * MIB, machine.output[-4000:]
        run("dd", f"if={disk}", f"of={master}", "bs=1M", "skip=1", "conv=sparse", timeout=300)
        run("e2fsck", "-f", "-n", master, timeout=300)
    finally:
        for image in (master, disk):
            image.unlink(missing_ok=True)


def _seal(disk: Path, point: Path) -> None:
    point.mkdir()
    run("mount", "-o", "loop", disk, point)
    try:
        (point / "etc/fstab").write_text("/dev/vda1 / ext4 errors=remount-ro 0 1\n")
        guestseal("seal", "--yes", "--root", point)
    finally:
        run("umount", point)
        os.rmdir(point)
