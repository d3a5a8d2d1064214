"""Kernels with and without the drivers of virtual machines."""

from __future__ import annotations

from collections.abc import Mapping

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT
from support.trees import Entry, File, Link

DISK = "kernel/drivers/block/virtio_blk.ko"
CARD = "kernel/drivers/net/virtio_net.ko"


def kernel(version: str, modules: tuple[str, ...], built_in: tuple[str, ...] = ()) -> Mapping[str, Entry]:
    below = f"/lib/modules/{version}"
    return {
        f"{below}/modules.dep": File("".join(f"{path}: kernel/drivers/virtio/virtio.ko\n" for path in modules)),
        f"{below}/modules.builtin": File("".join(f"{path}\n" for path in built_in)),
    }


CASES = (
    CheckCase("modules", DEBIAN, kernel("6.1.0-1-amd64", (DISK, CARD))),
    CheckCase("compressed modules", REDHAT, kernel("5.14", (f"{DISK}.xz", f"{CARD}.zst"))),
    CheckCase("built in", ARCH, kernel("6.9", (), (DISK, "kernel/drivers/net/virtio-net.ko"))),
    CheckCase("the other driver for disks", DEBIAN, kernel("6.1", ("kernel/drivers/scsi/virtio_scsi.ko", CARD))),
    CheckCase(
        "modules of a kernel that was removed",
        DEBIAN,
        {**kernel("6.1", (DISK, CARD)), **kernel("5.10", ("kernel/x.ko",)), "/boot/vmlinuz-6.1": File()},
    ),
    CheckCase(
        "a flavour",
        ALPINE,
        {**kernel("6.6.7-0-virt", (DISK, CARD)), **kernel("6.5.0-0-lts", ()), "/boot/vmlinuz-virt": File()},
    ),
    CheckCase(
        "forbidden, and built in",
        DEBIAN,
        {**kernel("6.1", (DISK,), (CARD,)), "/etc/modprobe.d/x.conf": File("blacklist virtio_net\n")},
    ),
    CheckCase(
        "neither",
        DEBIAN,
        kernel("6.1", ("kernel/drivers/net/e1000.ko",)),
        ("no driver for the platform's disks", "no driver for the platform's network cards"),
        mended=kernel("6.1", (DISK, CARD)),
    ),
    CheckCase(
        "one of two kernels",
        REDHAT,
        {**kernel("5.14", (DISK, CARD)), **kernel("5.15", (DISK,))},
        ("network cards",),
        mended=kernel("5.15", (DISK, CARD)),
    ),
    CheckCase(
        "forbidden",
        REDHAT,
        {**kernel("5.14", (DISK, CARD)), "/etc/modprobe.d/x.conf": File("# hm\ninstall virtio-net /bin/false # x\n")},
        ("forbids the driver of the platform's network cards",),
        mended={"/etc/modprobe.d/x.conf": None},
    ),
    CheckCase("no kernel", DEBIAN, {"/lib/modules": Link("/usr/lib/modules")}, skipped="no kernel's modules"),
)
