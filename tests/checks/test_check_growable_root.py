"""Root partitions with others behind them."""

from __future__ import annotations

from support.block_devices import GPT, Part, msdos, with_disks
from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, UBUNTU

BEFORE = Part("sda14", start=2048)

CASES = (
    CheckCase(
        "the first by number, the last on the disk",
        UBUNTU,
        {},
        machine=with_disks({"sda": GPT}, Part("sda1", start=227328, point="/"), BEFORE, Part("sda15", start=10240)),
    ),
    CheckCase(
        "swap behind it",
        DEBIAN,
        {},
        ("another partition follows",),
        fails=False,
        machine=with_disks({"sda": msdos(0x83, 0x82)}, Part("sda1", point="/"), Part("sda2", start=4000000)),
        mended_machine=with_disks({"sda": msdos(0x83)}, Part("sda1", point="/")),
    ),
    CheckCase(
        "a volume group that is last",
        REDHAT,
        {},
        machine=with_disks(
            {"sda": GPT},
            *(Part("sda1"), Part("sda2", start=4096), Part("dm-0", point="/", slaves=("sda2",))),
        ),
    ),
    CheckCase(
        "a volume group with a partition behind it",
        REDHAT,
        {},
        ("another partition follows",),
        fails=False,
        machine=with_disks(
            {"sda": GPT},
            *(Part("sda1"), Part("sda2", start=4096), Part("dm-0", point="/", slaves=("sda1",))),
        ),
        mended_machine=with_disks({"sda": GPT}, Part("sda1"), Part("dm-0", point="/", slaves=("sda1",))),
    ),
    CheckCase("a whole disk", ALPINE, {}, machine=with_disks({"vda": bytes(512)}, Part("vda", point="/"))),
    CheckCase("a directory", DEBIAN, {}, skipped="not in the table of mounts"),
)
