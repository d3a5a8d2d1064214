"""Kernel command lines with a serial console and without."""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File

DEFAULTS = "/etc/default/grub"
WANTED = "console=tty0 console=ttyS0,115200n8"
UPDATE_GRUB = {"/usr/sbin/update-grub": File("#!/bin/sh\n", 0o755)}
MKCONFIG = {"/usr/sbin/grub2-mkconfig": File("#!/bin/sh\n", 0o755)}
ENTRY = "/boot/loader/entries/0123-5.14.conf"


def grub(parameters: str) -> File:
    return File(f"menuentry x {{\n\tlinux /vmlinuz root=UUID=1 ro {parameters}\n}}\n")


CASES = (
    CheckCase("as the cloud image has it", UBUNTU, {"/boot/grub/grub.cfg": grub("console=tty1 console=ttyS0")}),
    CheckCase("an entry of its own", REDHAT, {ENTRY: File(f"options root=UUID=1 ro {WANTED}\n")}),
    CheckCase(
        "none, by Debian's GRUB",
        DEBIAN,
        {
            **UPDATE_GRUB,
            "/boot/grub/grub.cfg": grub("quiet"),
            DEFAULTS: File('GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX=""\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n'),
        },
        ("does not write to ttyS0",),
        fails=False,
        mended={
            DEFAULTS: File(f'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="{WANTED}"\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n'),
            "/boot/grub/grub.cfg": grub(f"{WANTED} quiet"),
        },
        made=("/boot/grub/grub.cfg",),
    ),
    CheckCase(
        "another one, by grub2-mkconfig",
        SUSE,
        {
            **MKCONFIG,
            "/boot/grub2/grub.cfg": grub("console=ttyS1"),
            DEFAULTS: File("GRUB_CMDLINE_LINUX='console=ttyS1'\n"),
        },
        ("does not write to ttyS0",),
        fails=False,
        mended={
            DEFAULTS: File(f'GRUB_CMDLINE_LINUX="console=ttyS1 {WANTED}"\n'),
            "/boot/grub2/grub.cfg": grub(f"console=ttyS1 {WANTED}"),
        },
        made=("/boot/grub2/grub.cfg",),
    ),
    CheckCase(
        "none, by grubby, in the defaults already",
        REDHAT,
        {
            "/usr/sbin/grubby": File("#!/bin/sh\n", 0o755),
            ENTRY: File("options root=UUID=1 ro\n"),
            DEFAULTS: File('GRUB_CMDLINE_LINUX="console=ttyS0"\n'),
        },
        ("does not write to ttyS0",),
        fails=False,
        mended={ENTRY: File(f"options root=UUID=1 ro {WANTED}\n")},
        made=(ENTRY,),
    ),
    CheckCase(
        "none, and defaults that say nothing",
        DEBIAN,
        {**UPDATE_GRUB, "/boot/grub/grub.cfg": grub("quiet"), DEFAULTS: File("GRUB_TIMEOUT=5")},
        ("does not write to ttyS0",),
        fails=False,
        mended={
            DEFAULTS: File(f'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="{WANTED}"\n'),
            "/boot/grub/grub.cfg": grub(WANTED),
        },
        made=("/boot/grub/grub.cfg",),
    ),
    CheckCase(
        "none, and defaults that only a shell can read",
        DEBIAN,
        {**UPDATE_GRUB, "/boot/grub/grub.cfg": grub("quiet"), DEFAULTS: File('GRUB_CMDLINE_LINUX="$(cat /x)"\n')},
        ("does not write to ttyS0",),
        fails=False,
        mended={"/boot/grub/grub.cfg": grub(WANTED)},
    ),
    CheckCase(
        "none, and a drop-in that overrides",
        UBUNTU,
        {
            **UPDATE_GRUB,
            "/boot/grub/grub.cfg": grub("quiet"),
            DEFAULTS: File('GRUB_CMDLINE_LINUX=""\n'),
            "/etc/default/grub.d/50-cloud.cfg": File('GRUB_CMDLINE_LINUX="nomodeset"\n'),
        },
        ("does not write to ttyS0",),
        fails=False,
        mended={"/boot/grub/grub.cfg": grub(WANTED)},
    ),
    CheckCase(
        "none, by syslinux",
        ALPINE,
        {"/boot/extlinux.conf": File("LABEL virt\n  APPEND root=UUID=1 quiet\n")},
        ("does not write to ttyS0",),
        fails=False,
        mended={"/boot/extlinux.conf": File("LABEL virt\n  APPEND root=UUID=1 console=ttyS0,115200\n")},
    ),
    CheckCase(
        "ARM",
        DEBIAN,
        {"/boot/grub/grub.cfg": grub("quiet"), "/lib/ld-linux-aarch64.so.1": File("ELF")},
        skipped="architecture",
    ),
    CheckCase("no boot loader", DEBIAN, {DEFAULTS: File("GRUB_TIMEOUT=5\n")}, skipped="no boot loader"),
)
