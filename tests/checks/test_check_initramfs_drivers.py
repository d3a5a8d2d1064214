"""Initramfs images for any machine, and for one only."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

import pytest
from support.check_cases import CheckCase
from support.initramfs import archive
from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT
from support.trees import Entry, File

pytestmark = pytest.mark.skipif(shutil.which("cpio") is None, reason="makes archives with cpio")

BLOCK, SCSI = "kernel/drivers/block/virtio_blk.ko", "kernel/drivers/scsi/virtio_scsi.ko"


def image(*modules: str, compression: str = "gzip") -> File:
    content = {f"usr/lib/modules/6.1/{path}": b"ELF" for path in modules}
    return File(archive({"init": b"#!/bin/sh\n", **content}, compression))


def kernel(version: str = "6.1", built_in: str = "") -> Mapping[str, Entry]:
    return {f"/lib/modules/{version}/modules.dep": File(), f"/lib/modules/{version}/modules.builtin": File(built_in)}


CASES = (
    CheckCase("for any machine", DEBIAN, {**kernel(), "/boot/initrd.img-6.1": image(BLOCK, SCSI)}),
    CheckCase(
        "compressed modules", REDHAT, {**kernel(), "/boot/initramfs-6.1.img": image(f"{BLOCK}.xz", f"{SCSI}.xz")}
    ),
    CheckCase("built in", ALPINE, {**kernel("6.1-virt", f"{BLOCK}\n{SCSI}\n"), "/boot/initramfs-virt": image()}),
    CheckCase(
        "as kernel-install lays it",
        ARCH,
        {**kernel(), "/efi/0123/6.1/initrd": image(BLOCK, SCSI, compression="xz")},
    ),
    CheckCase("what the platform has", DEBIAN, {**kernel(), "/boot/initrd.img-6.1": image(BLOCK)}, profile="tencent"),
    CheckCase(
        "for one machine with another disk",
        DEBIAN,
        {
            **kernel(),
            "/boot/initrd.img-6.1": image("kernel/drivers/ata/ahci.ko"),
            "/etc/initramfs-tools/modules": File(),
        },
        ("no driver for the platform's disks",),
        mended={"/boot/initrd.img-6.1": image(BLOCK, SCSI)},
    ),
    CheckCase(
        "for one machine",
        REDHAT,
        {**kernel(), "/boot/initramfs-6.1.img": image(BLOCK), "/boot/initramfs-0-rescue-0123.img": image()},
        ("not all drivers for the platform's disks: virtio_scsi missing",),
        fails=False,
        mended={"/boot/initramfs-6.1.img": image(BLOCK, SCSI)},
    ),
    CheckCase("no initramfs", DEBIAN, kernel(), skipped="no initramfs"),
)
