"""Are the limits of open files such that people can log in?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE
from support.trees import Fifo, File, Tree

MAIN, MORE, SYSTEM = "/etc/security/limits.conf", "/etc/security/limits.d/90-own.conf", "/etc/systemd/system.conf"
NR_OPEN = "/etc/sysctl.d/90-own.conf"


def pam(line: str, path: str = MAIN) -> Tree:
    return {path: File(f"# <domain> <type> <item> <value>\n{line}\n")}


FINE = pam("*  soft  nofile  65536")

CASES = (
    CheckCase("as installed", DEBIAN, pam("#*  hard  nofile  unlimited")),
    CheckCase("a sensible one", REDHAT, pam("root - nofile 1048576")),
    CheckCase(
        "more than that, and the kernel allows it",
        REDHAT,
        {**pam("* hard nofile 2097152"), NR_OPEN: File("fs.nr_open = 2097152\n")},
    ),
    CheckCase("other items", SUSE, pam("* hard nproc 10\n* soft core unlimited")),
    CheckCase("systemd's infinity", DEBIAN, {SYSTEM: File("[Manager]\nDefaultLimitNOFILE=1024:infinity\n")}),
    CheckCase("none at all", ALPINE, {}),
    CheckCase("a pipe in the directory", DEBIAN, {MORE: Fifo()}),
    CheckCase("unlimited", REDHAT, pam("*  -  nofile  Unlimited  # more"), ("unlimited",), fails=False, mended=FINE),
    CheckCase(
        "more than the kernel allows",
        DEBIAN,
        pam("* soft nofile 2097152", MORE),
        ("more than 1048576",),
        fails=False,
        mended=pam("* soft nofile 9999", MORE),
    ),
    CheckCase(
        "more than the kernel is told to allow",
        REDHAT,
        {**pam("* soft nofile 4194304"), NR_OPEN: File("fs/nr_open=2097152\n")},
        ("more than 2097152",),
        fails=False,
        mended=FINE,
    ),
    CheckCase("too few", SUSE, pam("* hard nofile 256"), ("fewer than 1024",), fails=False, mended=FINE),
    CheckCase(
        "too few for services",
        DEBIAN,
        {SYSTEM: File("[Manager]\nDefaultLimitNOFILE=64:64\n")},
        ("fewer", "fewer"),
        fails=False,
        mended={SYSTEM: None},
    ),
    CheckCase(
        "too many for services",
        DEBIAN,
        {"/etc/systemd/system.conf.d/a.conf": File("[Manager]\nDefaultLimitNOFILE=9999999999\n")},
        ("more than",),
        fails=False,
        mended={"/etc/systemd/system.conf.d/a.conf": None},
    ),
)
