"""Would Google's agent make host keys anew that another program has made?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import DEBIAN, REDHAT, UBUNTU
from support.trees import File, Link, Tree

CONFIG = "/etc/default/instance_configs.cfg"


def unit(name: str) -> Tree:
    path = f"/usr/lib/systemd/system/{name}"
    return {path: File("[Service]\n"), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


def config(value: str) -> File:
    return File(f"[Accounts]\nset_host_keys = true\n\n[InstanceSetup]\nset_host_keys = {value}\n")


AGENT, OURS = unit("google-guest-agent.service"), unit("guestseal-local.service")
CLOUD_INIT: Tree = {"/usr/bin/cloud-init": File(), "/usr/lib/systemd/system/cloud-init.target": File("[Unit]\n")}

CASES = (
    CheckCase("the agent alone", DEBIAN, AGENT, profile="gcp"),
    CheckCase("told not to", DEBIAN, {**AGENT, **OURS, CONFIG: config("false")}, profile="gcp"),
    CheckCase(
        "told not to by the distribution, as Ubuntu's images",
        UBUNTU,
        {**AGENT, **CLOUD_INIT, CONFIG: config("true"), f"{CONFIG}.template": config("false")},
        profile="gcp",
    ),
    CheckCase("no agent", DEBIAN, OURS, skipped="not enabled", profile="gcp"),
    CheckCase(
        "as Debian packages it",
        DEBIAN,
        {**AGENT, **OURS, CONFIG: config("true")},
        ("of guestseal-local.service anew",),
        fails=False,
        mended={CONFIG: config("false")},
        profile="gcp",
    ),
    CheckCase(
        "with no configuration, beside cloud-init",
        REDHAT,
        {**unit("google-guest-agent-manager.service"), **CLOUD_INIT},
        ("of cloud-init anew",),
        fails=False,
        mended={CONFIG: config("no")},
        profile="gcp",
    ),
)
