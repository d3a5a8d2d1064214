"""Filesystems with room and without."""

from __future__ import annotations

from support.block_devices import GIB, GPT, ROOMY, Part, with_disks
from support.check_cases import CheckCase, MakeMachine
from support.operation_cases import ALPINE, DEBIAN, REDHAT
from support.trees import Dir

from guestseal.machine.storage import Room

MIB = 1 << 20


def room(free: int, inodes_free: int = 10_000, inodes: int = 100_000) -> MakeMachine:
    return with_disks({"vda": GPT}, Part("vda1", point="/"), room=Room(free, 2 * GIB, inodes_free, inodes))


ENOUGH = with_disks({"vda": GPT}, Part("vda1", point="/"), room=ROOMY)

CASES = (
    CheckCase("enough", DEBIAN, {"/var": Dir()}, machine=room(GIB)),
    CheckCase("a filesystem without a number of inodes", REDHAT, {}, machine=room(GIB, 0, 0)),
    CheckCase(
        "little",
        DEBIAN,
        {},
        ("200 MiB are free where / is",),
        fails=False,
        machine=room(200 * MIB),
        mended_machine=ENOUGH,
    ),
    CheckCase("none", ALPINE, {"/var": Dir()}, ("0 MiB are free",), machine=room(4096), mended_machine=ENOUGH),
    CheckCase(
        "few inodes", DEBIAN, {}, ("1000 inodes are free",), fails=False, machine=room(GIB, 1000), mended_machine=ENOUGH
    ),
    CheckCase("no inodes", DEBIAN, {}, ("0 inodes are free",), machine=room(GIB, 0), mended_machine=ENOUGH),
    CheckCase("a directory", DEBIAN, {}, skipped="not in the table of mounts"),
)
