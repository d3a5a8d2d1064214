"""Has the kernel's command line what the platform demands?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import DEBIAN, REDHAT, SUSE
from support.trees import File, Tree

AZURE, GRUB, BLS = "azure", "/boot/grub/grub.cfg", "/boot/loader/entries/a.conf"
GOOD = "console=tty1 console=ttyS0 earlyprintk=ttyS0 rootdelay=300"


def grub(*lines: str) -> Tree:
    return {GRUB: File("".join(f"\tlinux /boot/vmlinuz root=UUID=1 ro {line}\n" for line in lines))}


WITHOUT_BOTH = ("without earlyprintk=ttyS0", "without rootdelay=300")

CASES = (
    CheckCase("both", DEBIAN, grub(GOOD), profile=AZURE),
    CheckCase("both, but for recovery", DEBIAN, grub(GOOD, "single"), profile=AZURE),
    CheckCase(
        "one of several values", REDHAT, {BLS: File(f"options root=UUID=1 earlyprintk=vga {GOOD}\n")}, profile=AZURE
    ),
    CheckCase("no boot loader", SUSE, {}, skipped="no boot loader", profile=AZURE),
    CheckCase("no platform's", SUSE, grub(""), skipped="demands no parameter", profile="aws"),
    CheckCase("none", DEBIAN, grub("quiet"), WITHOUT_BOTH, mended=grub(GOOD), profile=AZURE),
    CheckCase(
        "another value",
        REDHAT,
        {BLS: File("options root=UUID=1 earlyprintk=ttyS0,115200 rootdelay=30\n")},
        WITHOUT_BOTH,
        mended={BLS: File(f"options root=UUID=1 {GOOD}\n")},
        profile=AZURE,
    ),
    CheckCase(
        "one kernel of two",
        DEBIAN,
        grub(GOOD, f"{GOOD} rootdelay=1", "quiet earlyprintk=ttyS0"),
        WITHOUT_BOTH[1:],
        mended=grub(GOOD),
        profile=AZURE,
    ),
)
