"""Is Azure's agent there, enabled and recent?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE
from support.trees import File, Link, Tree

AZURE = "azure"
DEBIANS = "/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py"
REDHATS = "/usr/lib/python3.9/site-packages/azurelinuxagent/common/version.py"
PROGRAM: Tree = {"/usr/sbin/waagent": File(mode=0o755)}


def unit(name: str) -> Tree:
    path = f"/usr/lib/systemd/system/{name}"
    return {path: File("[Service]\n"), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


def version(number: str) -> File:
    return File(f'AGENT_NAME = "WALinuxAgent"\nAGENT_LONG_NAME = "x"\nAGENT_VERSION = \'{number}\'\n')


WHOLE: Tree = {**PROGRAM, **unit("walinuxagent.service"), DEBIANS: version("2.7.3.0")}
OLD = ("is 2.2.40, and the least is 2.2.41",)

CASES = (
    CheckCase("of Debian", DEBIAN, WHOLE, profile=AZURE),
    CheckCase("of RHEL", REDHAT, {**PROGRAM, **unit("waagent.service"), REDHATS: version("2.2.41")}, profile=AZURE),
    CheckCase(
        "of Alpine",
        ALPINE,
        {**PROGRAM, "/etc/runlevels/default/waagent": File(), REDHATS: version("2.10.0.8")},
        profile=AZURE,
    ),
    CheckCase(
        "a version that no file tells", SUSE, {**PROGRAM, **unit("waagent.service")}, skipped="version", profile=AZURE
    ),
    CheckCase("none", DEBIAN, {}, ("not installed",), mended=WHOLE, profile=AZURE),
    CheckCase(
        "too old",
        REDHAT,
        {**PROGRAM, **unit("waagent.service"), REDHATS: version("2.2.40")},
        OLD,
        mended={REDHATS: version("2.2.54.2")},
        profile=AZURE,
    ),
    CheckCase(
        "too old, and the numbers are no text",
        REDHAT,
        {**PROGRAM, **unit("waagent.service"), REDHATS: version("2.2.9")},
        ("is 2.2.9,",),
        mended={REDHATS: version("2.2.41")},
        profile=AZURE,
    ),
    CheckCase(
        "not enabled, and too old",
        DEBIAN,
        {**PROGRAM, DEBIANS: version("2.2.40")},
        ("not enabled", *OLD),
        mended=WHOLE,
        profile=AZURE,
    ),
    CheckCase(
        "masked",
        DEBIAN,
        {**WHOLE, "/etc/systemd/system/walinuxagent.service": Link("/dev/null")},
        ("not enabled",),
        mended={"/etc/systemd/system/walinuxagent.service": None},
        profile=AZURE,
    ),
)
