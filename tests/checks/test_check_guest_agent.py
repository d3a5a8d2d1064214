"""Is the platform's guest agent installed?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE
from support.trees import File, Link, Tree

UNIT = "/usr/lib/systemd/system/qemu-guest-agent.service"
# Debian's is wanted by nothing: udev starts it when the device is there.
INSTALLED: Tree = {UNIT: File(r"[Unit]" "\n" r"BindsTo=dev-virtio\x2dports-org.qemu.guest_agent.0.device" "\n")}
GOOGLES: Tree = {"/usr/lib/systemd/system/google-guest-agent.service": File("[Service]\n")}

CASES = (
    CheckCase("of QEMU", DEBIAN, INSTALLED, profile="cloudstack"),
    CheckCase("of QEMU on Alpine", ALPINE, {"/etc/runlevels/default/qemu-guest-agent": File()}, profile="openstack"),
    CheckCase("of Google", REDHAT, GOOGLES, profile="gcp"),
    CheckCase("any platform", DEBIAN, {}, skipped="expects no guest agent"),
    CheckCase("Azure, which has a check of its own", SUSE, {}, profile="azure", skipped="expects no guest agent"),
    CheckCase(
        "none",
        DEBIAN,
        {},
        ("qemu-guest-agent, by which QEMU/KVM",),
        fails=False,
        mended=INSTALLED,
        profile="openstack",
    ),
    CheckCase(
        "masked",
        REDHAT,
        {**INSTALLED, "/etc/systemd/system/qemu-guest-agent.service": Link("/dev/null")},
        ("qemu-guest-agent",),
        fails=False,
        mended={"/etc/systemd/system/qemu-guest-agent.service": None},
        profile="mold",
    ),
    CheckCase("another one", SUSE, INSTALLED, ("google-guest-agent",), fails=False, mended=GOOGLES, profile="gcp"),
)
