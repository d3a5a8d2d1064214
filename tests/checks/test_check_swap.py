"""Swap areas that a clone has, and those that it waits for."""

from __future__ import annotations

from support.block_devices import GPT, Part, blkid, with_disks
from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, UBUNTU
from support.trees import File

FSTAB = "/etc/fstab"
MACHINE = with_disks(
    {"vda": GPT}, Part("vda1", point="/"), commands=blkid({"DEVNAME": "/dev/vda2", "UUID": "5555", "TYPE": "swap"})
)


def fstab(*lines: str) -> File:
    return File("".join(f"{line}\n" for line in lines))


CASES = (
    CheckCase("none", DEBIAN, {FSTAB: fstab("UUID=1 / ext4 defaults 0 1")}),
    CheckCase("by UUID", DEBIAN, {FSTAB: fstab("UUID=5555 none swap sw 0 0")}, machine=MACHINE),
    CheckCase("a volume", REDHAT, {FSTAB: fstab("/dev/mapper/rl-swap none swap defaults 0 0")}),
    CheckCase("a file", UBUNTU, {FSTAB: fstab("/swap.img none swap sw 0 0"), "/swap.img": File("x", 0o600)}),
    CheckCase(
        "what no boot waits for",
        DEBIAN,
        {FSTAB: fstab("/dev/sdb1 none swap sw,nofail 0 0", "/dev/zram0 none swap sw 0 0", "/x none swap noauto 0 0")},
        machine=MACHINE,
    ),
    CheckCase(
        "by name",
        ALPINE,
        {FSTAB: fstab("/dev/vda2 swap swap defaults 0 0")},
        ("swap is on /dev/vda2, the name that the kernel gave it",),
        fails=False,
        mended={FSTAB: fstab("UUID=5555 swap swap defaults 0 0")},
    ),
    CheckCase(
        "by UUID that is not here",
        DEBIAN,
        {FSTAB: fstab("UUID=9999 none swap sw 0 0")},
        ("swap is on UUID=9999, which no disk here is called",),
        fails=False,
        mended={FSTAB: fstab()},
        machine=MACHINE,
    ),
    CheckCase(
        "a file that is not there",
        UBUNTU,
        {FSTAB: fstab("/swap.img none swap sw 0 0")},
        ("the swap file /swap.img is not there",),
        fails=False,
        mended={FSTAB: fstab()},
    ),
    CheckCase(
        "a file for everybody",
        UBUNTU,
        {FSTAB: fstab("/swap.img none swap sw 0 0"), "/swap.img": File("x", 0o644)},
        ("users can read",),
        fails=False,
        mended={"/swap.img": File("x", 0o600)},
    ),
    CheckCase("no fstab", ALPINE, {}, skipped="no fstab"),
)
