"""Does something hear the power button?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD
from support.trees import File, Link, Tree

UNITS = "/usr/lib/systemd/system"
LOGIND: Tree = {
    **SYSTEMD,
    f"{UNITS}/systemd-logind.service": File("[Service]\n"),
    f"{UNITS}/dbus.socket": File("[Socket]\n"),
}
MAIN, DROP_IN = "/etc/systemd/logind.conf", "/etc/systemd/logind.conf.d/50-button.conf"
MASK = "/etc/systemd/system/systemd-logind.service"
OFF = "[Login]\nHandlePowerKey=ignore\n"


def acpid(name: str = "acpid.service") -> Tree:
    return {f"{UNITS}/{name}": File(), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(f"{UNITS}/{name}")}


CASES = (
    CheckCase("logind as installed", DEBIAN, {**LOGIND, MAIN: File("[Login]\n#HandlePowerKey=ignore\n")}),
    CheckCase("logind told so", SUSE, {**LOGIND, MAIN: File(OFF), DROP_IN: File("[Login]\nHandlePowerKey=poweroff\n")}),
    CheckCase("a hidden drop-in", DEBIAN, {**LOGIND, "/etc/systemd/logind.conf.d/.50.conf": File(OFF)}),
    CheckCase("acpid instead of logind", REDHAT, {**LOGIND, MAIN: File(OFF), **acpid()}),
    CheckCase("acpid on Alpine", ALPINE, {"/etc/runlevels/default/acpid": File()}),
    CheckCase("acpid with a SysV init", DEBIAN, {"/etc/rc3.d/S01acpid": Link("../init.d/acpid")}),
    CheckCase(
        "nothing on Alpine",
        ALPINE,
        {"/etc/init.d/acpid": File()},
        ("nothing hears",),
        fails=False,
        mended={"/etc/runlevels/default/acpid": File()},
    ),
    CheckCase(
        "ignored", DEBIAN, {**LOGIND, MAIN: File(OFF)}, ("does not power off",), fails=False, mended={MAIN: None}
    ),
    CheckCase(
        "ignored by the vendor's drop-in",
        REDHAT,
        {**LOGIND, "/usr/lib/systemd/logind.conf.d/a.conf": File(OFF)},
        ("does not power off",),
        fails=False,
        mended={"/etc/systemd/logind.conf.d/a.conf": Link("/dev/null")},
    ),
    CheckCase(
        "suspends",
        SUSE,
        {**LOGIND, DROP_IN: File("[Login]\nHandlePowerKey=suspend\n")},
        ("does not power off",),
        fails=False,
        mended={DROP_IN: None},
    ),
    CheckCase(
        "logind masked",
        DEBIAN,
        {**LOGIND, MASK: Link("/dev/null")},
        ("missing or masked",),
        fails=False,
        mended={MASK: None},
    ),
    CheckCase(
        "no D-Bus",
        DEBIAN,
        {path: entry for path, entry in LOGIND.items() if "dbus" not in path},
        ("no D-Bus",),
        fails=False,
        mended=LOGIND,
    ),
    CheckCase(
        "a platform that presses it",
        REDHAT,
        {**LOGIND, MAIN: File(OFF)},
        ("does not power off",),
        profile="cloudstack",
        mended=acpid(),
    ),
)
