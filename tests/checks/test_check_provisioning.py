"""Does more than one program set up the clones?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File, Link, Tree

UNITS = "/usr/lib/systemd/system"
WANTS = "/etc/systemd/system/multi-user.target.wants"


def unit(name: str) -> Tree:
    return {f"{UNITS}/{name}": File("[Service]\n"), f"{WANTS}/{name}": Link(f"{UNITS}/{name}")}


CLOUD_INIT: Tree = {"/usr/bin/cloud-init": File(mode=0o755), f"{UNITS}/cloud-init.target": File("[Unit]\n")}
GUESTSEAL = unit("guestseal-firstboot.service")
AZURES, OPENNEBULAS = unit("walinuxagent.service"), unit("one-context.service")
OFF = {"/etc/cloud/cloud-init.disabled": File()}
CLOUDSTACKS = "/etc/rc3.d/S02cloud-set-guest-password"

CASES = (
    CheckCase("none", DEBIAN, {}),
    CheckCase("guestseal", DEBIAN, GUESTSEAL),
    CheckCase("cloud-init", UBUNTU, CLOUD_INIT),
    CheckCase("cloud-init is disabled", UBUNTU, {**GUESTSEAL, **CLOUD_INIT, **OFF}),
    CheckCase("cloud-init beside Azure's agent", UBUNTU, {**CLOUD_INIT, **AZURES}, profile="azure"),
    CheckCase("cloud-init beside Google's agent", UBUNTU, {**CLOUD_INIT, **unit("google-guest-agent.service")}),
    CheckCase("tiny-cloud", ALPINE, {"/etc/runlevels/default/tiny-cloud-main": File()}),
    CheckCase(
        "guestseal and cloud-init",
        REDHAT,
        {**GUESTSEAL, **CLOUD_INIT},
        ("guestseal-firstboot and cloud-init would all",),
        fails=False,
        mended=OFF,
    ),
    CheckCase(
        "guestseal and Azure's agent",
        SUSE,
        {**GUESTSEAL, **AZURES},
        ("Azure's agent",),
        fails=False,
        mended={f"{WANTS}/walinuxagent.service": None},
    ),
    CheckCase(
        "all at once",
        DEBIAN,
        {**GUESTSEAL, **CLOUD_INIT, **OPENNEBULAS, CLOUDSTACKS: File(mode=0o755)},
        ("guestseal-firstboot, cloud-init, one-context and cloud-set-guest-password or -sshkey",),
        fails=False,
        mended={CLOUDSTACKS: None, f"{WANTS}/one-context.service": None, **OFF},
    ),
    CheckCase(
        "on Alpine",
        ALPINE,
        {"/etc/runlevels/default/tiny-cloud-main": File(), "/etc/runlevels/default/one-context": File()},
        ("one-context and tiny-cloud",),
        fails=False,
        mended={"/etc/runlevels/default/one-context": None},
    ),
)
