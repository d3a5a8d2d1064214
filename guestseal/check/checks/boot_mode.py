"""A boot loader is there for the platform's firmware

UEFI: a clone's firmware has no memory of boot entries, those of the template stay with its
NVRAM. It starts EFI/BOOT/BOOTX64.EFI (BOOTAA64.EFI on ARM) on the EFI system partition and
nothing else. Debian's installer puts GRUB there only when it is asked to.

BIOS: the first sector of the disk has code; and GRUB's core has, on a GPT disk, a partition
for it (bios_grub): without one it lies where partitioning programs do not expect it. Where
the disk cannot be looked at, GRUB's modules in /boot count.

What is not used does not fail: a template that boots with one of the firmwares that the
platform has passes, with a warning where the other one's loader is half there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.boot import bootloader, kernels
from guestseal.machine.block import NoDisk
from guestseal.machine.partition_table import BIOS_BOOT, GPT, PartitionTable

Flaws = Optional[list[Problem]]
"""What is wrong with a loader; None: there is no loader."""


def _look(subject: Subject) -> Iterator[Problem]:
    if not kernels.has_image(subject.tree):
        raise Inapplicable("no kernel is in it: something else boots it, or its /boot is not mounted")
    flaws = {"uefi": _uefi(subject), "bios": _bios(subject)}
    wanted = [name for name in subject.profile.firmware if name == "uefi" or bootloader.has_bios(subject.tree)]
    wanted = wanted or ["uefi"]
    boots = any(flaws[name] == [] for name in wanted)
    if not boots and flaws["uefi"] is None and bootloader.esp_elsewhere(subject.tree) and "uefi" in wanted:
        raise Inapplicable("its EFI system partition is not mounted")
    found = [problem for name in wanted for problem in flaws[name] or ()]
    for problem in found:
        yield Problem(problem.what, problem.remedy, fails=not boots)
    if not boots and not found:
        yield from _nothing(subject, wanted)


def _nothing(subject: Subject, wanted: list[str]) -> Iterator[Problem]:
    """There is no loader at all: a fault where the guest is on a partition of a disk, which its firmware is to boot."""
    try:
        disks = subject.storage.disks_at(subject.point)
    except NoDisk as why:
        raise Inapplicable(f"no boot loader is in it, and the root filesystem {why}") from why
    if not any(subject.storage.partitioned(node) for node in disks):
        raise Inapplicable("the root filesystem takes a whole disk: a kernel from outside boots it")
    firmware = " or ".join(name.upper() for name in wanted)
    yield Problem(
        f"no boot loader for {firmware} is there, which the platform boots with", "install one (grub-install)"
    )


def _uefi(subject: Subject) -> Flaws:
    found = set(bootloader.loaders(subject.tree))
    if not found:
        return None
    name = bootloader.fallback_name(subject.tree)
    if any(each == f"boot/{name}" or (not name and each.startswith("boot/boot")) for each in found):
        return []
    path = f"EFI/BOOT/{name.upper() or 'BOOTX64.EFI'}"
    return [
        Problem(
            f"no loader is at {path} on the EFI system partition, the only one a clone's firmware looks for",
            "run grub-install with --removable, or copy shim and grub there as the distribution's fallback has them",
        )
    ]


def _bios(subject: Subject) -> Flaws:
    grub = bootloader.grub_for_bios(subject.tree)
    if not grub and not bootloader.syslinux(subject.tree):
        return None
    try:
        tables = {node: subject.storage.table(node) for node in subject.storage.disks_at(subject.point)}
    except NoDisk:
        return []
    # Of several disks one is enough: the loader is on that which the firmware boots.
    flaws = [_on_disk(node, table, grub=grub) for node, table in tables.items()]
    return [] if not all(flaws) else flaws[0]


def _on_disk(node: str, table: PartitionTable, *, grub: bool) -> list[Problem]:
    if table.kind and not table.boot_code:
        return [Problem(f"the first sector of {node} holds no code for a BIOS", f"run grub-install {node}")]
    if grub and table.kind == GPT and BIOS_BOOT not in table.types:
        what = f"{node} has a GPT and no BIOS boot partition (bios_grub) for GRUB's core"
        return [Problem(what, f"make one of 1 MiB (type EF02 in sgdisk) and run grub-install {node}")]
    return []


CHECK = Check(
    _look, source="UEFI Specification, Removable Media Boot Behavior; GRUB manual, BIOS installation; grub-install(8)"
)
