"""Which program of a guest lets somebody into its clones: one that brings the platform's keys or users."""

from __future__ import annotations

from guestseal.guest.services import cloud_init, openrc, units
from guestseal.guest.services.own_units import NETWORK_STAGE
from guestseal.guest.tree import Tree

AZURE_AGENT = ("waagent.service", "walinuxagent.service")
"""Azure's agent, as the RHEL family and as Debian call its unit."""

_UNITS = (
    NETWORK_STAGE,
    *AZURE_AGENT,
    "google-guest-agent.service",
    "one-context.service",  # OpenNebula's context package
)
_SCRIPTS = ("tiny-cloud-main", "one-context")  # Alpine's own cloud images have tiny-cloud


def brings_keys(tree: Tree) -> bool:
    """Whether some program enabled in the guest gives each clone the SSH keys of its platform."""
    return (
        cloud_init.enabled(tree)
        or any(units.enabled(tree, name) for name in _UNITS)
        or any(openrc.starts(tree, script) for script in _SCRIPTS)
    )


def runs_azure_agent(tree: Tree) -> bool:
    """Whether Azure's agent sets the clones up."""
    return any(units.enabled(tree, name) for name in AZURE_AGENT)


_OTHERS = {  # what sets up a clone as a whole, by how it is started
    "one-context": ("one-context.service", "one-context"),
    "tiny-cloud": ("tiny-cloud-main",),
}
_CLOUDSTACK = (  # Apache CloudStack documentation, "Adding Password Management to Templates"
    "/etc/rc[2-5].d/S[0-9][0-9]cloud-set-guest-*",
    "/etc/rc.d/rc[2-5].d/S[0-9][0-9]cloud-set-guest-*",
    "/etc/runlevels/*/cloud-set-guest-*",
    "/etc/systemd/system/*.wants/cloud-set-guest-*.service",
)


def rivals(tree: Tree) -> list[str]:
    """The enabled programs that would each set up a clone: host name, keys and password."""
    ours, cloud = units.enabled(tree, NETWORK_STAGE), cloud_init.enabled(tree)
    found = [name for name, enabled in (("guestseal-firstboot", ours), ("cloud-init", cloud)) if enabled]
    for name, starters in _OTHERS.items():
        if any(units.enabled(tree, each) or openrc.starts(tree, each) for each in starters):
            found.append(name)
    # waagent.conf, Provisioning.Agent=auto: it leaves provisioning to cloud-init where that is enabled.
    if ours and not cloud and runs_azure_agent(tree):
        found.append("Azure's agent")
    if any(tree.is_file(path) for pattern in _CLOUDSTACK for path in tree.glob(pattern)):
        found.append("cloud-set-guest-password or -sshkey")
    return found
