"""Does something keep the time?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File, Link, Tree

WHAT = ("nothing keeps the time",)
UNITS = "/usr/lib/systemd/system"


def unit(name: str, target: str = "multi-user") -> Tree:
    path = f"{UNITS}/{name}"
    return {path: File("[Service]\n"), f"/etc/systemd/system/{target}.target.wants/{name}": Link(path)}


CASES = (
    CheckCase("timesyncd", DEBIAN, unit("systemd-timesyncd.service", "sysinit")),
    CheckCase("chrony of Debian", UBUNTU, unit("chrony.service")),
    CheckCase("chrony of RHEL", REDHAT, unit("chronyd.service")),
    CheckCase("ntpd", SUSE, unit("ntpd.service")),
    CheckCase("OpenNTPD", DEBIAN, unit("openntpd.service")),
    CheckCase("ntpd with a SysV init", REDHAT, {"/etc/rc.d/rc3.d/S58ntpd": File()}),
    CheckCase("busybox's on Alpine", ALPINE, {"/etc/runlevels/default/ntpd": File()}),
    CheckCase("none", DEBIAN, {}, WHAT, fails=False, mended=unit("chrony.service")),
    CheckCase(
        "installed only",
        REDHAT,
        {f"{UNITS}/chronyd.service": File()},
        WHAT,
        fails=False,
        mended=unit("chronyd.service"),
    ),
    CheckCase(
        "masked",
        DEBIAN,
        {**unit("systemd-timesyncd.service"), "/etc/systemd/system/systemd-timesyncd.service": Link("/dev/null")},
        WHAT,
        fails=False,
        mended={"/etc/systemd/system/systemd-timesyncd.service": None},
    ),
    CheckCase(
        "in no runlevel",
        ALPINE,
        {"/etc/init.d/ntpd": File()},
        WHAT,
        fails=False,
        mended={"/etc/runlevels/default/ntpd": File()},
    ),
)
