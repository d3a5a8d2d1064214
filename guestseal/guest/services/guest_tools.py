"""Guest tools: programs of a hypervisor's or a cloud's that work inside the guest.

Most distributions' packages start them only where they belong: by ConditionVirtualization=, or
bound to a device that only the right hypervisor gives (qemu-guest-agent, Hyper-V's daemons).
Those sleep anywhere else. The vendors' own installers, and agents of clouds, know no such condition.
Units by the packages open-vm-tools, virtualbox-guest-utils, hyperv-daemons, waagent, qemu-guest-agent
and google-guest-agent of Debian, hyperv-daemons of RHEL, hyper-v of SUSE; xe-guest-utilities of
XenServer; VBoxLinuxAdditions of VirtualBox; one-apps of OpenNebula; each cloud's documentation.
"""

from __future__ import annotations

from dataclasses import dataclass

from guestseal.guest.services import openrc, units
from guestseal.guest.services.provisioning import AZURE_AGENT
from guestseal.guest.tree import Tree

# systemd.unit(5), ConditionVirtualization=: these words name no hypervisor.
_ANYWHERE = frozenset(("yes", "no", "vm", "container", "true", "false", "1", "0"))


@dataclass(frozen=True)
class GuestTool:
    """One program. ``name`` is what profiles call it by."""

    name: str
    owner: str
    """Whose it is, for a sentence."""
    units: tuple[str, ...]
    scripts: tuple[str, ...] = ()
    """Init scripts, of OpenRC or of a SysV init."""
    wanted: bool = False
    """Whether a platform that it belongs to has less of a guest without it."""


TOOLS = (
    GuestTool("qemu-guest-agent", "QEMU/KVM", ("qemu-guest-agent.service",), ("qemu-guest-agent",), wanted=True),
    GuestTool(
        "open-vm-tools", "VMware", ("open-vm-tools.service", "vmtoolsd.service"), ("open-vm-tools",), wanted=True
    ),
    GuestTool("vmware-tools", "VMware", ("vmware-tools.service",), ("vmware-tools",)),
    GuestTool(
        "xe-guest-utilities",
        "Xen",
        ("xe-linux-distribution.service", "xe-daemon.service"),
        ("xe-guest-utilities", "xe-linux-distribution"),
        wanted=True,
    ),
    GuestTool(
        "virtualbox-guest-additions",
        "VirtualBox",
        ("vboxadd.service", "vboxadd-service.service", "virtualbox-guest-utils.service", "vboxservice.service"),
        ("virtualbox-guest-additions", "vboxadd", "vboxadd-service"),
        wanted=True,
    ),
    GuestTool(
        "hyperv-daemons",
        "Hyper-V",
        ("hv-kvp-daemon.service", "hv-vss-daemon.service", "hypervkvpd.service", "hv_kvp_daemon.service"),
        ("hv_kvp_daemon",),
    ),
    GuestTool("parallels-tools", "Parallels", ("prltoolsd.service",)),
    GuestTool("one-context", "OpenNebula", ("one-context.service", "one-context-online.service"), ("one-context",)),
    GuestTool("walinuxagent", "Azure", AZURE_AGENT),
    GuestTool(
        "google-guest-agent",
        "Google Compute Engine",
        ("google-guest-agent.service", "google-guest-agent-manager.service", "google-accounts-daemon.service"),
        wanted=True,
    ),
    GuestTool(
        "amazon-ssm-agent",
        "Amazon EC2",
        ("amazon-ssm-agent.service", "snap.amazon-ssm-agent.amazon-ssm-agent.service"),
    ),
    GuestTool("droplet-agent", "DigitalOcean", ("droplet-agent.service", "do-agent.service")),
    GuestTool("aliyun-assist", "Alibaba Cloud", ("aliyun.service",)),
    GuestTool("oracle-cloud-agent", "Oracle Cloud", ("oracle-cloud-agent.service",)),
)


def installed(tree: Tree, tool: GuestTool) -> bool:
    """Whether the guest has it and something can start it: udev or systemd, an init script."""
    return any(units.fragment(tree, name) for name in tool.units) or any(
        _by_script(tree, name) for name in tool.scripts
    )


def starts_anywhere(tree: Tree, tool: GuestTool) -> str | None:
    """The file that has it started on whatever machine the guest runs; None: it is not there, disabled, or sleeps."""
    for name in tool.units:
        path = units.fragment(tree, name)
        if path is not None and units.enabled(tree, name) and not _bound(tree, name):
            return path
    return next((path for name in tool.scripts for path in _by_script(tree, name)), None)


def _bound(tree: Tree, name: str) -> bool:
    """Whether the unit starts only on the hypervisor that it names, or with its device."""
    found = units.settings(tree, name)
    words = [word.lstrip("|") for word in found.get("ConditionVirtualization", [])]
    devices = " ".join(value for key in ("BindsTo", "Requisite") for value in found.get(key, ())).split()
    return any(not word.startswith("!") and word not in _ANYWHERE for word in words) or any(
        device.endswith(".device") for device in devices
    )


def _by_script(tree: Tree, name: str) -> list[str]:
    path = f"/etc/init.d/{name}"
    if openrc.starts(tree, name):
        return [path]
    # A unit of the same name counts instead of the script: systemd-sysv-generator(8).
    if units.runs_systemd(tree) and units.fragment(tree, f"{name}.service"):
        return []
    patterns = (f"/etc/rc[2-5].d/S[0-9][0-9]{name}", f"/etc/rc.d/rc[35].d/S[0-9][0-9]{name}")
    return [path] if any(True for pattern in patterns for _ in tree.glob(pattern)) else []
