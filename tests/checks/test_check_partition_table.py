"""Disks with partition tables that platforms take, and others."""

from __future__ import annotations

from support.block_devices import GPT, LINUX_GUID, Part, gpt, msdos, with_disks
from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT

ROOT = Part("vda1", point="/")

CASES = (
    CheckCase("a GPT", DEBIAN, {}, machine=with_disks({"vda": GPT}, ROOT)),
    CheckCase("an MBR", REDHAT, {}, machine=with_disks({"vda": msdos(0x83)}, ROOT)),
    CheckCase("a GPT with large sectors", REDHAT, {}, machine=with_disks({"vda": gpt(LINUX_GUID, sector=4096)}, ROOT)),
    CheckCase(
        "an MBR under a logical volume",
        REDHAT,
        {},
        machine=with_disks({"vda": msdos(0x8E)}, Part("vda1"), Part("dm-0", point="/", slaves=("vda1",))),
    ),
    CheckCase(
        "a table of another kind",
        DEBIAN,
        {},
        ("another kind",),
        machine=with_disks({"vda": b"\x82\xbe" * 256}, ROOT),
        mended_machine=with_disks({"vda": GPT}, ROOT),
    ),
    CheckCase(
        "one of two disks",
        DEBIAN,
        {},
        ("/dev/vdb has",),
        machine=with_disks(
            {"vda": GPT, "vdb": bytes(512)},
            *(Part("vda1"), Part("vdb1"), Part("dm-0", point="/", slaves=("vda1", "vdb1"))),
        ),
        mended_machine=with_disks({"vda": GPT}, ROOT),
    ),
    CheckCase(
        "a filesystem on the whole of a disk",
        ALPINE,
        {},
        skipped="no partition table",
        machine=with_disks({"vda": bytes(4096)}, Part("vda", point="/")),
    ),
    CheckCase("a filesystem in memory", ALPINE, {}, skipped="the root filesystem is", machine=with_disks({"vda": GPT})),
    CheckCase("a directory", DEBIAN, {}, skipped="not in the table of mounts"),
)
