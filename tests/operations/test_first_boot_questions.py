"""Dialogs that would wait at a clone's console."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File, Link

WANTS = "/etc/systemd/system/multi-user.target.wants"
UNIT = File("[Service]\nExecStart=/usr/libexec/initial-setup/run-initial-setup\n")


def enabled(unit: str) -> dict[str, Entry]:
    """The unit, and the link that starts it."""
    path = f"/usr/lib/systemd/system/{unit}"
    return {path: UNIT, f"{WANTS}/{unit}": Link(path)}


CASES = (
    Case(
        "flags and initial-setup",
        REDHAT,
        {"/.unconfigured": File(), "/etc/reconfigSys": File(), **enabled("initial-setup.service")},
        found=("/.unconfigured", "/etc/reconfigSys", "/usr/lib/systemd/system/initial-setup.service"),
    ),
    Case(
        "JeOS",
        SUSE,
        {"/var/lib/YaST2/reconfig_system": File(), **enabled("jeos-firstboot.service")},
        found=("/var/lib/YaST2/reconfig_system",),
    ),
    Case(
        "Ubuntu's for manufacturers",
        DEBIAN,
        enabled("oem-config.service"),
        found=("/usr/lib/systemd/system/oem-config.service",),
    ),
    Case(
        "installed and not enabled",
        REDHAT,
        {"/usr/lib/systemd/system/initial-setup-text.service": UNIT, "/etc/sysconfig/initial-setup": File("x=1\n")},
    ),
    Case("JeOS, done", SUSE, enabled("YaST2-Firstboot.service")),
    Case("none", ALPINE, {"/etc/conf.d/hostname.keep": File("x\n")}),
)
