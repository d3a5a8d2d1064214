"""Are guestseal's own units enabled?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, UBUNTU
from support.trees import File, Link, Tree

UNITS = "/usr/lib/systemd/system"
LOCAL, NETWORK = "guestseal-local.service", "guestseal-firstboot.service"
PROGRAM: Tree = {"/usr/bin/guestseal": File(mode=0o755)}
UNIT = File("[Service]\nExecStart=-/usr/bin/guestseal firstboot\n")
BOTH: Tree = {**SYSTEMD, **PROGRAM, f"{UNITS}/{LOCAL}": UNIT, f"{UNITS}/{NETWORK}": UNIT}
CLOUD_INIT: Tree = {"/usr/bin/cloud-init": File(), f"{UNITS}/cloud-init.target": File("[Unit]\n")}


def wanted(name: str) -> Tree:
    return {f"/etc/systemd/system/multi-user.target.wants/{name}": Link(f"{UNITS}/{name}")}


def masked(name: str) -> Tree:
    return {f"/etc/systemd/system/{name}": Link("/dev/null")}


ENABLED = {**BOTH, **wanted(LOCAL), **wanted(NETWORK)}

CASES = (
    CheckCase("installed", DEBIAN, ENABLED),
    CheckCase("RHEL", REDHAT, ENABLED),
    CheckCase("cloud-init instead of the second", UBUNTU, {**BOTH, **CLOUD_INIT, **wanted(LOCAL)}),
    CheckCase("cloud-init and the second masked", UBUNTU, {**ENABLED, **CLOUD_INIT, **masked(NETWORK)}),
    CheckCase(
        "presets do not enable them",
        REDHAT,
        BOTH,
        (f"{LOCAL} is not enabled", f"{NETWORK} is not enabled"),
        mended=ENABLED,
    ),
    CheckCase(
        "the second is disabled",
        DEBIAN,
        {**BOTH, **wanted(LOCAL)},
        (f"{NETWORK} is not enabled",),
        mended=wanted(NETWORK),
    ),
    CheckCase(
        "the first is masked",
        SUSE,
        {**ENABLED, **masked(LOCAL)},
        (f"{LOCAL} is masked",),
        mended={f"/etc/systemd/system/{LOCAL}": None},
    ),
    CheckCase(
        "the program is gone",
        DEBIAN,
        {path: entry for path, entry in ENABLED.items() if path not in PROGRAM},
        ("a program that is not there",) * 2,
        mended=PROGRAM,
    ),
    CheckCase("sealed from outside", DEBIAN, SYSTEMD, skipped="not installed"),
    CheckCase("without systemd", ALPINE, PROGRAM, skipped="need systemd"),
)
