"""Are tools of another hypervisor started?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, UBUNTU
from support.trees import File, Link, Tree

UNITS = "/usr/lib/systemd/system"
WANTS = "/etc/systemd/system/multi-user.target.wants"


def unit(name: str, condition: str = "") -> Tree:
    return {f"{UNITS}/{name}": File(f"[Unit]\n{condition}\n[Service]\n"), f"{WANTS}/{name}": Link(f"{UNITS}/{name}")}


def disabled(name: str) -> dict[str, None]:
    return {f"{WANTS}/{name}": None}


VBOXADD = unit("vboxadd.service")
SSM = "snap.amazon-ssm-agent.amazon-ssm-agent.service"

CASES = (
    CheckCase("the platform's own", DEBIAN, unit("qemu-guest-agent.service"), profile="openstack"),
    CheckCase("none", ALPINE, {}, profile="cloudstack"),
    CheckCase(
        "asleep without VMware, as Ubuntu's cloud images have it",
        UBUNTU,
        unit("open-vm-tools.service", "ConditionVirtualization=vmware"),
        profile="openstack",
    ),
    CheckCase(
        "one of several conditions",
        DEBIAN,
        unit("walinuxagent.service", "ConditionVirtualization=|microsoft"),
        profile="aws",
    ),
    CheckCase(
        "bound to a device of Hyper-V's",
        DEBIAN,
        unit("hv-kvp-daemon.service", r"BindsTo=sys-devices-virtual-misc-vmbus\x21hv_kvp.device"),
        profile="openstack",
    ),
    CheckCase("installed and disabled", REDHAT, {f"{UNITS}/vboxadd.service": File("[Service]\n")}, profile="mold"),
    CheckCase("masked", SUSE, {**VBOXADD, "/etc/systemd/system/vboxadd.service": Link("/dev/null")}, profile="mold"),
    CheckCase("no platform", DEBIAN, VBOXADD, skipped="does not say whose tools"),
    CheckCase(
        "VirtualBox's own installer",
        REDHAT,
        VBOXADD,
        ("virtualbox-guest-additions of VirtualBox is started",),
        fails=False,
        mended=disabled("vboxadd.service"),
        profile="cloudstack",
    ),
    CheckCase(
        "a condition that names no hypervisor",
        DEBIAN,
        unit("open-vm-tools.service", "ConditionVirtualization=vm"),
        ("open-vm-tools of VMware",),
        fails=False,
        mended=disabled("open-vm-tools.service"),
        profile="openstack",
    ),
    CheckCase(
        "one of several conditions, which any machine meets",
        DEBIAN,
        unit("open-vm-tools.service", "ConditionVirtualization=|vm"),
        ("open-vm-tools of VMware",),
        fails=False,
        mended=disabled("open-vm-tools.service"),
        profile="mold",
    ),
    CheckCase(
        "a condition that excludes one",
        DEBIAN,
        unit("xe-daemon.service", "ConditionVirtualization=!container"),
        ("xe-guest-utilities of Xen",),
        fails=False,
        mended=disabled("xe-daemon.service"),
        profile="openstack",
    ),
    CheckCase(
        "an agent of another cloud, from a snap",
        UBUNTU,
        unit(SSM),
        ("amazon-ssm-agent of Amazon EC2",),
        fails=False,
        mended=disabled(SSM),
        profile="gcp",
    ),
    CheckCase(
        "refused by the profile",
        DEBIAN,
        unit("vmware-tools.service"),
        ("vmware-tools of VMware",),
        mended=disabled("vmware-tools.service"),
        profile="tencent",
    ),
    CheckCase(
        "the links of VMware's tarball",
        DEBIAN,
        {
            **SYSTEMD,
            "/etc/init.d/vmware-tools": File(mode=0o755),
            "/etc/rc3.d/S03vmware-tools": Link("../init.d/vmware-tools"),
        },
        ("vmware-tools of VMware",),
        fails=False,
        mended={"/etc/rc3.d/S03vmware-tools": None},
        profile="openstack",
    ),
    CheckCase(
        "a runlevel",
        ALPINE,
        {
            "/etc/init.d/open-vm-tools": File(mode=0o755),
            "/etc/runlevels/boot/open-vm-tools": Link("/etc/init.d/open-vm-tools"),
        },
        ("open-vm-tools of VMware",),
        fails=False,
        mended={"/etc/runlevels/boot/open-vm-tools": None},
        profile="openstack",
    ),
)
