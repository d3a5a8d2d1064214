"""Swap files of a tree are told of."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU, Case
from support.trees import Dir, File, Link

PAGES = File(b"\0" * 4086 + b"SWAPSPACE2" + b"page of a program", 0o600)

CASES = (
    Case(
        "named in fstab",
        DEBIAN,
        {"/var/swap/one": PAGES, "/etc/fstab": File("/var/swap/one none swap sw 0 0\n")},
        found=("/var/swap/one",),
    ),
    Case("Ubuntu's, not in fstab", UBUNTU, {"/swap.img": PAGES}, found=("/swap.img",)),
    Case(
        "in fstab and usual",
        REDHAT,
        {"/swapfile": PAGES, "/etc/fstab": File("/swapfile swap swap defaults 0 0\n")},
        found=("/swapfile",),
    ),
    Case(
        "a partition, and a file that is not there",
        SUSE,
        {"/etc/fstab": File("/dev/vda2 none swap sw 0 0\n/gone none swap sw 0 0\n#/old x swap\n"), "/old": PAGES},
    ),
    Case("no file", ALPINE, {"/swapfile": Dir(), "/swap.img": Link("/dev/null")}),
)
